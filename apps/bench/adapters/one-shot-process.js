// A process for each call, as scripts do it: start Python, write the params, read the answer, wait for the end.
import { execa } from 'execa';
import { versionOf } from '../probes/installed-version.js';
import { pluginFile } from './adapter.js';

/** @param {import('./adapter.js').AdapterOptions} options @returns {Promise<import('./adapter.js').Connection>} */
export async function connect({ python }) {
  /** @param {Record<string, string>} params */
  const roundTrip = async (params) => {
    const { stdout } = await execa(python, [pluginFile('echo_lines.py')], {
      input: `${JSON.stringify({ id: 1, params })}\n`,
    });
    return /** @type {{ result: unknown }} */ (JSON.parse(stdout)).result;
  };
  await roundTrip({});
  return { version: versionOf('execa'), roundTrip, close: async () => undefined };
}
