// What Neon runs in front of Postgres, in fifteen lines: WebSocket messages to a TCP connection and back.
import { connect } from 'node:net';
import { neonConfig } from '@neondatabase/serverless';
import WebSocket, { WebSocketServer } from 'ws';

/** Passes on to the `address` in the WebSocket's URL. @returns {Promise<{ port: number, close(): void }>} */
export function startNeonProxy() {
  return new Promise((resolve) => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 }, () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      resolve({ port, close: () => server.close() });
    });
    server.on('connection', (socket, request) => {
      const [host, port] = (new URL(request.url ?? '', 'ws://x').searchParams.get('address') ?? '').split(':');
      const tcp = connect({ port: Number(port), host: host ?? '' });
      socket.on('message', (data) => tcp.write(/** @type {Buffer} */ (data)));
      socket.on('close', () => tcp.destroy());
      socket.on('error', () => tcp.destroy());
      tcp.on('data', (data) => socket.send(data));
      tcp.on('close', () => socket.close());
      tcp.on('error', () => socket.terminate());
    });
  });
}

/**
 * Makes Neon's driver in this process speak to ours; Node 20 has no WebSocket of its own.
 * @param {{ port: number }} proxy
 */
export function useNeonProxy(proxy) {
  Object.assign(neonConfig, {
    useSecureWebSocket: false,
    pipelineTLS: false,
    pipelineConnect: false,
    webSocketConstructor: WebSocket,
    wsProxy: (/** @type {string} */ host, /** @type {number} */ port) =>
      `127.0.0.1:${proxy.port}/?address=${host}:${port}`,
  });
}
