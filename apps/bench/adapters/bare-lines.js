// The floor: JSON lines written and read by hand, with no check of anything.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ownSession, pluginFile } from './adapter.js';

/** @param {import('./adapter.js').AdapterOptions} options @returns {Promise<import('./adapter.js').Connection>} */
export async function connect({ python }) {
  const child = spawn(python, [pluginFile('echo_lines.py')], { stdio: ['pipe', 'pipe', 'inherit'], ...ownSession });
  /** @type {(result: unknown) => void} */
  let settle = () => undefined;
  let id = 0;
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
    rest += text;
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      settle(/** @type {{ result: unknown }} */ (JSON.parse(rest.slice(0, end))).result);
      rest = rest.slice(end + 1);
    }
  });

  /** @param {Record<string, string>} params */
  const roundTrip = (params) =>
    new Promise((resolve) => {
      settle = resolve;
      id += 1;
      child.stdin.write(`${JSON.stringify({ id, params })}\n`);
    });

  await roundTrip({});
  return {
    version: process.versions.node,
    roundTrip,
    close: async () => {
      child.stdin.end();
      await once(child, 'close');
    },
  };
}
