import { expect, it } from 'vitest';
import { judgeSamples } from './judge-samples.js';
import { soakCalls, soakStarts } from './soak.js';

// The short form of `npm run soak`: its figures must be as flat.
it.runIf(process.platform === 'linux')(
  'memory, descriptors and processes stay flat over thousands of calls and dozens of starts',
  async () => {
    const calls = await soakCalls({ times: 3000, samples: 20, goesOn: () => true });
    expect(calls).toHaveLength(20);
    expect(calls.at(-1)).toMatchObject({ done: 3000, processes: 1 });
    expect(judgeSamples(calls)).toEqual([]);

    const starts = await soakStarts({ times: 24, samples: 12, goesOn: () => true });
    expect(starts).toHaveLength(12);
    expect(starts.every(({ processes, pluginMemory }) => processes === 0 && pluginMemory > 1)).toBe(true);
    expect(judgeSamples(starts)).toEqual([]);
  },
);
