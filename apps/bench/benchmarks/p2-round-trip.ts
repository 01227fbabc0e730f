// P2: what a warm call of a step in Python costs, from Node to Python and back.
import { allCalled, called } from '../peers/called.js';
import {
  bareLines,
  bridgeCall,
  bridgeRun,
  jsonRpc,
  mcpClient,
  oneShotProcess,
  pythonShell,
} from '../peers/python-callers.js';
import {
  medianOf,
  quotient,
  rowsOf,
  type Benchmark,
  type BenchmarkOptions,
  type BenchmarkResult,
  type Row,
} from '../runner/benchmark.js';
import { countRounds, takePlacedRounds } from '../runner/placed-rounds.js';
import type { Placement } from '../runner/placement.js';
import type { RoundsResult } from '../runner/rounds.js';

export const roundTrip: Benchmark = {
  id: 'P2',
  title: 'warm round trip of a call with 150 bytes of params to a step in Python',
  run: runRoundTrip,
};

async function runRoundTrip({ quick, say }: BenchmarkOptions): Promise<BenchmarkResult> {
  const options = { program: 'round-trip.js', request: { milliseconds: quick ? 80 : 150 }, say } as const;
  const floor = await called(bareLines, options);
  const own = [bridgeCall, bridgeRun, oneShotProcess];
  const { found, notes } = await allCalled({ own, peers: [pythonShell, mcpClient, jsonRpc] }, options);
  // On a shared core Node's compiler competes with what it compiles for: it needs some seconds before figures settle.
  const rounds = quick ? 5 : 11;
  const placed = await takePlacedRounds(floor, found, {
    rounds,
    atMost: rounds * 2,
    warmUps: 2,
    settleWithin: 80,
    say,
  });
  return toResult(placed.results, [...notes, ...placed.notes]);
}

function toResult(results: ReadonlyMap<Placement, RoundsResult>, notes: readonly string[]): BenchmarkResult {
  const rows: Row[] = [...results].flatMap(([placement, result]) => rowsOf(result, placement));
  const floor = medianOf(rows, `${bareLines.name}, one core`);
  const ratio = quotient(medianOf(rows, `${bridgeCall.name}, one core`), floor);
  return {
    id: roundTrip.id,
    title: roundTrip.title,
    unit: 'µs a call',
    rows,
    floor,
    ratio,
    target: '≤ 1.3 × bare JSON lines on one core, with every check and limit on',
    checks: [{ name: 'one core: one call ÷ bare JSON lines', value: ratio, limit: 1.3, unit: '' }],
    rounds: countRounds(results.values()),
    notes,
  };
}
