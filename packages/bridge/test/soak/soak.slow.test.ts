import { expect, it } from 'vitest';
import { TYPESCRIPT } from '../open-fixture.js';
import { judgeSamples } from './judge-samples.js';
import { soakCalls, soakStarts } from './soak.js';
import { growthOf, soakTarget } from './soak-targets.js';

// The short form of `npm run soak`: its figures must be as flat.
it.runIf(process.platform === 'linux').each([
  ['python', 3000, 24],
  ['node', 2000, 16], // Node takes longer to start
] as const)(
  'memory, descriptors and processes stay flat over thousands of calls and dozens of starts, with the SDK for %s',
  async (sdk, times, starting) => {
    const plugin = soakTarget(sdk, TYPESCRIPT);
    const calls = await soakCalls({ plugin, times, samples: 20, goesOn: () => true });
    expect(calls).toHaveLength(20);
    // from the sources Node may run a compiler of its own beside the plugin
    expect(Math.max(...calls.map(({ processes }) => processes))).toBeLessThanOrEqual(sdk === 'node' ? 2 : 1);
    expect(calls.at(-1)).toMatchObject({ done: times });
    expect(judgeSamples(calls, growthOf(sdk))).toEqual([]);

    const starts = await soakStarts({ plugin, times: starting, samples: 8, goesOn: () => true });
    expect(starts).toHaveLength(8);
    expect(starts.every(({ processes, pluginMemory }) => processes === 0 && pluginMemory > 1)).toBe(true);
    expect(judgeSamples(starts, growthOf(sdk))).toEqual([]);
  },
  300_000,
);
