import postgres from 'postgres';

/** A client as an application makes it, once for all of its code. */
export const client = postgres(process.env.DATABASE_URL ?? '');
