import type { Engine } from './index.ts';

/**
 * Options that a MongoDB URL may have (driver 6.22 and 7.9, `connection_string.ts`), in lower case; for any other the
 * driver throws.
 */
const known = [
  'appname authmechanism authmechanismproperties authsource compressors connecttimeoutms directconnection',
  'enableutf8validation heartbeatfrequencyms j journal loadbalanced localthresholdms maxconnecting maxidletimems',
  'maxpoolsize maxstalenessseconds minpoolsize proxyhost proxypassword proxyport proxyusername readconcernlevel',
  'readpreference readpreferencetags replicaset retryreads retrywrites servermonitoringmode serverselectiontimeoutms',
  'servername sockettimeoutms srvmaxhosts srvservicename ssl timeoutms tls tlsallowinvalidcertificates',
  'tlsallowinvalidhostnames tlscafile tlscertificatekeyfile tlscertificatekeyfilepassword tlscrlfile tlsinsecure w',
  'waitqueuetimeoutms wtimeoutms zlibcompressionlevel usenewurlparser useunifiedtopology family dbname nodelay',
].flatMap((line) => line.split(' '));

/** MongoDB. */
export const mongodb: Engine = {
  name: 'mongodb',
  family: { name: 'mongo', stems: [], names: [], holds: 'collections', isSql: false },
  packages: {
    driver: ['mongodb'],
    builder: [
      'mongoose',
      '@typegoose/typegoose',
      '@mikro-orm/mongodb',
      '@nestjs/mongoose',
      '@payloadcms/db-mongodb',
      '@fastify/mongodb',
    ],
    client: ['agenda', 'connect-mongo', '@keyv/mongo', 'migrate-mongo', 'unstorage/drivers/mongodb'],
  },
  schemes: ['mongodb', 'mongodb+srv'],
  dialects: ['mongodb', 'mongo'],
  stems: ['MONGO', 'MONGODB'],
  severalHosts: true,
  standing: [{ package: 'mongoose', driver: 'mongodb', majors: { 4: 2, 5: 3, 6: 4, 7: 5, 8: 6, 9: 7 } }],
  risks: (parameters, driver) =>
    parameters
      .map((one) => one.split('=')[0]!)
      .filter((name) => !known.includes(name.toLowerCase()))
      .map((parameter) => ({ parameter, because: `which \`${driver}\` refuses` })),
};
