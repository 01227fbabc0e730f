// The client of the Model Context Protocol's SDK, calling a tool of a server without any SDK.
import { pluginFile } from './adapter.js';

/** @typedef {{ command: string, args: string[], stderr: 'inherit' }} ServerParameters */

/**
 * @typedef {object} Client
 * @property {(transport: object) => Promise<void>} connect
 * @property {() => Promise<unknown>} listTools
 * @property {(call: { name: string, arguments: object }) => Promise<{ content: { text: string }[] }>} callTool
 * @property {() => Promise<void>} close
 */

/**
 * @typedef {object} McpModule
 * @property {new (info: { name: string, version: string }) => Client} Client
 * @property {new (server: ServerParameters) => object} StdioClientTransport
 */

/** @param {import('./adapter.js').AdapterOptions} options @returns {Promise<import('./adapter.js').Connection>} */
export async function connect({ python, peer, version }) {
  const { Client, StdioClientTransport } = /** @type {McpModule} */ (await import(peer));
  const client = new Client({ name: 'bench', version: '1.0.0' });
  const server = { command: python, args: [pluginFile('echo_mcp.py')], stderr: /** @type {const} */ ('inherit') };
  await client.connect(new StdioClientTransport(server));
  await client.listTools();
  return {
    version,
    roundTrip: async (params) => {
      const { content } = await client.callTool({ name: 'echo', arguments: params });
      return JSON.parse(content[0]?.text ?? 'null');
    },
    close: () => client.close(),
  };
}
