// Preloaded into Flue's built server, which otherwise listens on every interface.
import { Server } from 'node:net';

const listen = Server.prototype.listen;
Server.prototype.listen = function (...args) {
  const [first] = args;
  if (typeof first === 'object' && first !== null && 'port' in first)
    return listen.call(this, { ...first, host: '127.0.0.1' }, ...args.slice(1));
  if (typeof first === 'number') return listen.call(this, { port: first, host: '127.0.0.1' }, args.at(-1));
  return listen.apply(this, args);
};
