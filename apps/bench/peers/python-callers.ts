// Who can call a program in Python from Node: ourselves and the peers of P2 and P6.
import { requirePython } from '../../../scripts/bootstrap/find-pythons.mjs';
import { nodeProbe, type ProbeCommand } from '../runner/probe.js';
import { npmPeer, type NpmPeer } from './npm-peer.js';

/** A way to call Python: its name in the tables, and its file in the folder `adapters`. */
export interface Caller {
  readonly name: string;
  readonly adapter: string;
  /** Installed on demand; ourselves and what Node brings need nothing. */
  readonly peer?: NpmPeer;
}

export const bareLines: Caller = { name: 'bare JSON lines', adapter: 'bare-lines' };
export const bridgeCall: Caller = { name: 'synapse-steps, one call', adapter: 'bridge-call' };
export const bridgeRun: Caller = { name: 'synapse-steps, a step of a run', adapter: 'bridge-run' };
export const oneShotProcess: Caller = { name: 'a process for each call (execa)', adapter: 'one-shot-process' };
export const pythonShell: Caller = {
  name: 'python-shell',
  adapter: 'python-shell',
  peer: { name: 'python-shell', version: '5.0.0' },
};
export const mcpClient: Caller = {
  name: 'MCP client, minimal server',
  adapter: 'mcp-client',
  peer: {
    name: '@modelcontextprotocol/sdk',
    version: '1.32.2',
    modules: ['@modelcontextprotocol/sdk/client/index.js', '@modelcontextprotocol/sdk/client/stdio.js'],
  },
};
export const jsonRpc: Caller = {
  name: 'vscode-jsonrpc',
  adapter: 'vscode-jsonrpc',
  peer: { name: 'vscode-jsonrpc', version: '10.0.0', modules: ['vscode-jsonrpc/node'] },
};

/** Programs of the folder `probes` that measure a caller. */
export type CallerProgram = 'round-trip.js' | 'cold-start.js';

/** A program that measures a caller. @throws Error when its peer cannot be installed. */
export async function callerProbe(
  program: CallerProgram,
  { adapter, peer }: Pick<Caller, 'adapter' | 'peer'>,
  { say, args = [] }: { readonly say: (what: string) => void; readonly args?: readonly string[] },
): Promise<ProbeCommand> {
  const options = {
    python: (await requirePython()).command,
    peer: peer ? await npmPeer(peer, say) : '',
    version: peer?.version ?? '',
  };
  return nodeProbe(program, [adapter, JSON.stringify(options), ...args]);
}
