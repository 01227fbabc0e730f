// The JSON-RPC of language servers: Content-Length headers, read and written by vscode-jsonrpc.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ownSession, pluginFile } from './adapter.js';

/** @typedef {{ listen(): void, sendRequest(method: string, params: object): Promise<unknown>, dispose(): void }} MessageConnection */
/** @typedef {{ createMessageConnection: (source: object, sink: object) => MessageConnection }} JsonRpcModule */

/** @param {import('./adapter.js').AdapterOptions} options @returns {Promise<import('./adapter.js').Connection>} */
export async function connect({ python, peer, version }) {
  const { createMessageConnection } = /** @type {JsonRpcModule} */ (await import(peer));
  const child = spawn(python, [pluginFile('echo_content_length.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    ...ownSession,
  });
  const connection = createMessageConnection(child.stdout, child.stdin);
  connection.listen();
  await connection.sendRequest('echo', {});
  return {
    version,
    roundTrip: (params) => connection.sendRequest('echo', params),
    close: async () => {
      connection.dispose();
      child.stdin.end();
      await once(child, 'close');
    },
  };
}
