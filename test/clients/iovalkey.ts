import { Redis } from 'iovalkey';

/** A client as an application makes it, once for all of its code. */
export const client = new Redis(process.env.REDIS_URL ?? '');
