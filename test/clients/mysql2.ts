import { createPool } from 'mysql2/promise';

/** A pool as an application makes it, once for all of its code, with rows of its own liking. */
export const client = createPool({ uri: process.env.MYSQL_URL ?? '', rowsAsArray: true });
