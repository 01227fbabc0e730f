// P6: how long a plugin in Python takes from nothing to the description of its steps.
import { findOptional } from '../peers/optional-candidates.js';
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
import { ProbeGroup } from '../runner/probe-group.js';
import type { ProbeCommand } from '../runner/probe.js';
import { takeRounds, type Candidate } from '../runner/rounds.js';

export const coldStart: Benchmark = {
  id: 'P6',
  title: 'cold start of a plugin in Python to its first answer, with the interpreter found before',
  run: runColdStart,
};

const floor = { name: 'python3 -c pass', adapter: 'python-pass' };
const ours: Caller = { ...bridgeCall, name: 'synapse-steps, connectPlugin' };
const loop: Caller = { ...bareLines, name: 'bare JSON lines, first answer' };

interface Started {
  readonly name: string;
  readonly probe: ProbeCommand;
}

async function runColdStart({ quick, say }: BenchmarkOptions): Promise<BenchmarkResult> {
  const started = async (caller: Caller): Promise<Started> => ({
    name: caller.name,
    probe: await callerProbe('cold-start.js', caller, say),
  });
  const own = [await started(ours), await started(loop), await started(oneShotProcess)];
  const peers = Object.fromEntries([pythonShell, mcpClient].map((peer) => [peer.name, () => started(peer)]));
  const { found, notes } = await findOptional(peers, say);

  await using probes = new ProbeGroup();
  const start = async ({ name, probe }: Started): Promise<Candidate> => {
    const running = await probes.start(probe);
    return { name, version: running.version, measure: async () => (await running.measure({})).value };
  };
  const bare = await start(await started(floor));
  const candidates: Candidate[] = [];
  for (const candidate of [...own, ...found]) candidates.push(await start(candidate));
  say('starting plugins');
  const result = await takeRounds(bare, candidates, { rounds: quick ? 7 : 31 });
  const rows = rowsOf(result);
  const median = medianOf(rows, ours.name);
  const over = median === null ? null : median - result.floor.median;
  return {
    id: coldStart.id,
    title: coldStart.title,
    unit: 'ms',
    rows,
    floor: result.floor.median,
    ratio: quotient(median, result.floor.median),
    target: '≤ 12 ms over python3 -c pass',
    checks: [{ name: 'connectPlugin − python3 -c pass', value: over, limit: 12, unit: 'ms' }],
    rounds: { kept: result.kept, rejected: result.rejected },
    notes,
  };
}
