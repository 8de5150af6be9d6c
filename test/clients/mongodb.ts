import { MongoClient } from 'mongodb';

/** A client as an application makes it, once for all of its code. */
export const client = new MongoClient(process.env.MONGODB_URL ?? '');
