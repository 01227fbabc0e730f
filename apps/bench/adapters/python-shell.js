// python-shell in its JSON mode, talking to the bare loop.
import { ownSession, pluginFile } from './adapter.js';

/**
 * @typedef {object} Shell
 * @property {(message: unknown) => unknown} send
 * @property {(event: 'message', listener: (message: { result: unknown }) => void) => unknown} on
 * @property {(callback: (error?: Error | null) => void) => unknown} end
 */

/** @typedef {{ PythonShell: new (file: string, options: { mode: 'json', pythonPath: string, detached: boolean }) => Shell }} PythonShellModule */

/** @param {import('./adapter.js').AdapterOptions} options @returns {Promise<import('./adapter.js').Connection>} */
export async function connect({ python, peer, version }) {
  const { PythonShell } = /** @type {PythonShellModule} */ (await import(peer));
  const shell = new PythonShell(pluginFile('echo_lines.py'), { mode: 'json', pythonPath: python, ...ownSession });
  /** @type {(result: unknown) => void} */
  let settle = () => undefined;
  let id = 0;
  shell.on('message', ({ result }) => settle(result));

  /** @param {Record<string, string>} params */
  const roundTrip = (params) =>
    new Promise((resolve) => {
      settle = resolve;
      id += 1;
      shell.send({ id, params });
    });

  await roundTrip({});
  return {
    version,
    roundTrip,
    close: () =>
      new Promise((resolve, reject) => void shell.end((error) => (error ? reject(error) : resolve(undefined)))),
  };
}
