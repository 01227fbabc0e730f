// P6: how long a plugin in Python takes from nothing to the description of its steps.
import { allCalled } from '../peers/called.js';
import {
  bareLines,
  bridgeCall,
  callerProbe,
  mcpClient,
  oneShotProcess,
  pythonShell,
  type Caller,
} from '../peers/python-callers.js';
import {
  medianOf,
  quotient,
  rowsOf,
  type Benchmark,
  type BenchmarkOptions,
  type BenchmarkResult,
} from '../runner/benchmark.js';
import { countRounds, startAll } from '../runner/placed-rounds.js';
import { ProbeGroup } from '../runner/probe-group.js';
import { nodeProbe } from '../runner/probe.js';
import { takeRounds, type RoundsResult } from '../runner/rounds.js';

export const coldStart: Benchmark = {
  id: 'P6',
  title: 'cold start of a plugin in Python to its first answer, with the interpreter found before',
  run: runColdStart,
};

const floor = { name: 'python3 -c pass', adapter: 'python-pass' };
const ours: Caller = { ...bridgeCall, name: 'synapse-steps, connectPlugin' };
const loop: Caller = { ...bareLines, name: 'bare JSON lines, first answer' };

async function runColdStart(options: BenchmarkOptions): Promise<BenchmarkResult> {
  const { starts, notes } = await measureStarts(options);
  const stalls = await measureStalls(options);
  const rows = [
    ...rowsOf(starts),
    ...[...stalls].flatMap(([heap, result]) => rowsOf(result, heap).map((row) => ({ ...row, unit: STALLED }))),
  ];
  const median = medianOf(rows, ours.name);
  return {
    id: coldStart.id,
    title: coldStart.title,
    unit: 'ms',
    rows,
    floor: starts.floor.median,
    ratio: quotient(median, starts.floor.median),
    target: '≤ 12 ms over python3 -c pass',
    checks: [
      {
        name: 'connectPlugin − python3 -c pass',
        value: median === null ? null : median - starts.floor.median,
        limit: 12,
        unit: 'ms',
      },
    ],
    rounds: countRounds([starts, ...stalls.values()]),
    notes: [
      ...notes,
      `${STALLED}: how long the event loop of the host stood still at most while a process was started`,
    ],
  };
}

const STALLED = 'ms stalled';

async function measureStarts({ quick, say }: BenchmarkOptions) {
  const options = { program: 'cold-start.js', say } as const;
  const pass = { name: floor.name, probe: await callerProbe('cold-start.js', floor, options) };
  const own = [ours, loop, oneShotProcess];
  const { found, notes } = await allCalled({ own, peers: [pythonShell, mcpClient] }, options);
  await using probes = new ProbeGroup();
  const [bare, ...candidates] = await startAll(probes, [pass, ...found]);
  if (bare === undefined) throw new RangeError('There is no floor to measure.');
  say('starting plugins');
  return { starts: await takeRounds(bare, candidates, { rounds: quick ? 7 : 31, atMost: quick ? 21 : 62 }), notes };
}

/** `spawn` forks on the thread of the event loop, which takes the longer the more memory the host has. */
async function measureStalls({ quick, say }: BenchmarkOptions): Promise<ReadonlyMap<string, RoundsResult>> {
  const results = new Map<string, RoundsResult>();
  for (const megabytes of quick ? [0, 500] : [0, 1000]) {
    const heap = `${megabytes} MB held`;
    say(`stall of the event loop: ${heap}`);
    const stall = (name: string, adapter: string) => ({
      name,
      probe: nodeProbe('spawn-stall.js', [adapter, String(megabytes)]),
    });
    await using probes = new ProbeGroup();
    const started = await startAll(probes, [stall('child_process.spawn', 'spawn'), stall(ours.name, 'bridge')]);
    const [bare, ...candidates] = started;
    // a stall is a maximum: its floor jumps about by nature
    if (bare) results.set(heap, await takeRounds(bare, candidates, { rounds: 7, warmUps: 1, allowedMove: 1 }));
  }
  return results;
}
