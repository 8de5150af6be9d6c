import { Pool } from 'pg';

/** A pool as an application makes it, once for all of its code. */
export const client = new Pool({ connectionString: process.env.DATABASE_URL });
