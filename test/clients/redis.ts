import { createClient } from 'redis';

/** A client as an application makes it, once for all of its code. */
export const client = createClient({ url: process.env.REDIS_URL ?? '' });
