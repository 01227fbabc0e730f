// P3: what a large field of the context costs a step that does not touch it, and one that changes a little of it.
import { requirePython } from '../../../scripts/bootstrap/find-pythons.mjs';
import { allCalled, called } from '../peers/called.js';
import { bareLines, jsonRpc, mcpClient, pythonShell } from '../peers/python-callers.js';
import {
  medianOf,
  quotient,
  rowsOf,
  type Benchmark,
  type BenchmarkOptions,
  type BenchmarkResult,
} from '../runner/benchmark.js';
import { countRounds, takePlacedRounds } from '../runner/placed-rounds.js';
import { nodeProbe } from '../runner/probe.js';

export const contextSync: Benchmark = {
  id: 'P3',
  title: 'a step of a run whose context holds 1 MB: another field changed, and one place inside of it',
  run: runContextSync,
};

const BYTES = 1_000_000;
const untouched = 'synapse-steps, another field changed';
const patched = 'synapse-steps, context.patch inside of it';
const floorName = 'bare JSON lines, the change only';

async function runContextSync({ quick, say }: BenchmarkOptions): Promise<BenchmarkResult> {
  const python = (await requirePython()).command;
  const own = (name: string, step: string) => ({
    name,
    probe: nodeProbe('context-step.js', [python, step, String(BYTES)]),
  }); // a round is as many runs as fit into its time
  const request = { milliseconds: quick ? 60 : 120 };
  const options = { program: 'round-trip.js', request, say } as const;
  const floor = { ...(await called(bareLines, options)), name: floorName };
  const resent = { ...options, args: [String(BYTES)] };
  const { found, notes } = await allCalled({ own: [bareLines], peers: [pythonShell, mcpClient, jsonRpc] }, resent);
  const peers = found.map((peer) => ({ ...peer, name: `${peer.name}, all of it resent` }));
  const others = [own(untouched, 'count'), own(patched, 'append'), ...peers];
  const rounds = quick ? 3 : 7;
  // a step of a run takes ten thousand calls until Node has compiled all that it comes through
  const taking = { rounds, atMost: rounds * 2, warmUps: 2, settleWithin: 120, say };
  const placed = await takePlacedRounds(floor, others, taking);

  const rows = [...placed.results].flatMap(([placement, result]) => rowsOf(result, placement));
  const bare = medianOf(rows, `${floorName}, one core`);
  const inMilliseconds = (name: string): number | null => quotient(medianOf(rows, `${name}, one core`), 1000);
  return {
    id: contextSync.id,
    title: contextSync.title,
    unit: 'µs a step',
    rows,
    floor: bare,
    ratio: quotient(medianOf(rows, `${untouched}, one core`), bare),
    target: '≤ 0.2 ms for a step, on one core',
    checks: [
      { name: 'another field changed', value: inMilliseconds(untouched), limit: 0.2, unit: 'ms' },
      { name: 'context.patch inside of it', value: inMilliseconds(patched), limit: 0.2, unit: 'ms' },
    ],
    rounds: countRounds(placed.results.values()),
    notes: [...notes, ...placed.notes],
  };
}
