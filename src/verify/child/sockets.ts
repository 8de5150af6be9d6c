import { isIP, Socket } from 'node:net';
import tls from 'node:tls';

/** An endpoint that this process connected to, as its code wrote it. */
export interface Endpoint {
  host: string;
  /** null: a socket of this machine, at the path `host`. */
  port: number | null;
}

interface OpenSocket {
  socket: Socket;
  endpoint: Endpoint;
}

/**
 * Sees every connection that a driver written in JavaScript makes, and can refuse, cut and count them. One that is
 * native (GLIDE, libSQL's files) is not seen.
 */
export interface Sockets {
  /** Every endpoint so far, each once, in order. */
  endpoints(): Endpoint[];
  /** How many connections were begun so far. */
  count(): number;
  /** Whether a connection is open. */
  isOpen(): boolean;
  /** The error of the last connection that failed; null where none did. */
  failure(): Error | null;
  /** Ends all open ones as a server or a network that goes away does. Gives how many. */
  cut(): number;
  /** Refuses every connection that is begun while `run` runs. Gives how many were. */
  refusing(run: () => Promise<unknown>): Promise<number>;
  /** How often something was written after something had been read, while `run` ran; null where nothing is open. */
  roundTrips(run: () => Promise<unknown>): Promise<number | null>;
}

/** Begins to watch. With `onlyPort`, a connection to anywhere else than that port of this machine is refused. */
export function watchSockets(onlyPort: number | null): Sockets {
  const opened = new Set<OpenSocket>();
  const endpoints = new Map<string, Endpoint>();
  let count = 0;
  let refused: number | null = null;
  let failure: Error | null = null;

  const { connect } = Socket.prototype;
  const connectTls = tls.connect;

  const watched = function (this: Socket, ...given: unknown[]): Socket {
    const endpoint = endpointOf(given);
    // Drivers have sockets of their own inside a process: GLIDE speaks to its native half by one.
    if (endpoint.port === null && !serverSocket.test(endpoint.host))
      return Reflect.apply(connect, this, given) as Socket;
    count += 1;
    endpoints.set(`${endpoint.host} ${endpoint.port}`, endpoint);
    if (onlyPort !== null && !(endpoint.port === onlyPort && isLoopback(endpoint.host))) {
      return refuse(this, `EACCES`, `this run may only connect to port ${onlyPort} of this machine`);
    }
    if (refused !== null) {
      refused += 1;
      return refuse(this, 'ECONNREFUSED', `connect ECONNREFUSED ${endpoint.host}:${endpoint.port}`);
    }
    const one = { socket: this, endpoint };
    opened.add(one);
    this.once('close', () => {
      opened.delete(one);
      // Not by a listener for errors: with that one, an error that nobody else handles would be handled.
      failure = this.errored ?? failure;
    });
    return Reflect.apply(connect, this, given) as Socket;
  };
  Socket.prototype.connect = watched as typeof connect;

  // A socket that TLS is laid over is its business from then on: what happens to it is told there.
  tls.connect = ((...given: unknown[]) => {
    const secure = Reflect.apply(connectTls, tls, given) as tls.TLSSocket;
    const below = given.map((one) => (one as { socket?: unknown } | null)?.socket).find((one) => one instanceof Socket);
    for (const one of opened) if (one.socket === below) one.socket = secure;
    return secure;
  }) as typeof tls.connect;

  const live = () =>
    [...opened].map(({ socket }) => socket).filter((socket) => !socket.connecting && !socket.destroyed);
  return {
    endpoints: () => [...endpoints.values()],
    count: () => count,
    isOpen: () => live().length > 0,
    failure: () => failure,
    cut: () => {
      const sockets = live();
      for (const socket of sockets) socket.destroy(failed('ECONNRESET', 'read ECONNRESET'));
      return sockets.length;
    },
    refusing: async (run) => {
      refused = 0;
      try {
        await run();
        return refused;
      } finally {
        refused = null;
      }
    },
    roundTrips: (run) => countTrips(live(), run),
  };
}

/** Where servers listen on their own machine. */
const serverSocket = /\.s\.PGSQL\.\d+$|(?:mysql|maria|redis|valkey|mongo)[^/\\]*\.sock$/i;

function refuse(socket: Socket, code: string, message: string): Socket {
  process.nextTick(() => socket.destroy(failed(code, message)));
  return socket;
}

function failed(code: string, message: string): Error {
  return Object.assign(new Error(message), { code, syscall: code === 'ECONNRESET' ? 'read' : 'connect' });
}

/**
 * What `connect(options)`, `connect(port, host)`, `connect(path)` and node:net's own `connect([options, listener])`
 * mean.
 */
function endpointOf([first, second]: unknown[]): Endpoint {
  const given = Array.isArray(first) ? first[0] : first;
  if (typeof given === 'object' && given !== null) {
    const { host, port, path } = given as { host?: string; port?: number | string; path?: string };
    return path ? { host: path, port: null } : { host: host || 'localhost', port: Number(port) };
  }
  if (typeof given === 'string' && !/^\d+$/.test(given)) return { host: given, port: null };
  return { host: typeof second === 'string' ? second : 'localhost', port: Number(given) };
}

async function countTrips(sockets: Socket[], run: () => Promise<unknown>): Promise<number | null> {
  if (sockets.length === 0) return null;
  let trips = 0;
  const restore = sockets.map((socket) => {
    let read = true;
    const { write, push } = socket;
    socket.write = ((...given: unknown[]) => {
      if (read) trips += 1;
      read = false;
      return Reflect.apply(write, socket, given);
    }) as typeof write;
    socket.push = ((...given: unknown[]) => {
      read = true;
      return Reflect.apply(push, socket, given);
    }) as typeof push;
    return () => Object.assign(socket, { write, push });
  });
  try {
    await run();
  } finally {
    for (const one of restore) one();
  }
  return trips === 0 ? null : trips;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}

/**
 * Whether an endpoint is this machine's or its neighbours': loopback, private and link-local addresses as written,
 * `localhost`, a path, and names of one word, which containers give each other. A name with dots is a name of the
 * network, whatever it leads to.
 */
export function isLocal({ host, port }: Endpoint): boolean {
  if (port === null) return true;
  const name = host.toLowerCase().replace(/^\[|\]$/g, '');
  if (isIP(name) === 4) return /^(?:127|10|0)\.|^192\.168\.|^172\.(?:1[6-9]|2\d|3[01])\.|^169\.254\./.test(name);
  if (isIP(name) === 6) return /^(?:::1?$|f[cd]|fe80:|::ffff:(?:127|10|192\.168)\.)/.test(name);
  return (
    !name.includes('.') ||
    /(?:^|\.)localhost$|\.local$|^(?:host|gateway)\.docker\.internal$|^host\.containers\.internal$/.test(name)
  );
}

/** An endpoint as people write it. */
export function shownEndpoint({ host, port }: Endpoint): string {
  return port === null ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
