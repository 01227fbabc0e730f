// P2: what a warm call of a step in Python costs, from Node to Python and back.
import { findOptional } from '../peers/optional-candidates.js';
import {
  bareLines,
  bridgeCall,
  bridgeRun,
  callerProbe,
  jsonRpc,
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
  type Row,
} from '../runner/benchmark.js';
import { availablePlacements, place, type Placement } from '../runner/placement.js';
import { ProbeGroup } from '../runner/probe-group.js';
import type { ProbeCommand } from '../runner/probe.js';
import { takeRounds, UnsteadyMachineError, type Candidate, type RoundsResult } from '../runner/rounds.js';

export const roundTrip: Benchmark = {
  id: 'P2',
  title: 'warm round trip of a call with 150 bytes of params to a step in Python',
  run: runRoundTrip,
};

interface Called {
  readonly caller: Caller;
  readonly probe: ProbeCommand;
}

async function runRoundTrip(options: BenchmarkOptions): Promise<BenchmarkResult> {
  const called = async (caller: Caller): Promise<Called> => ({
    caller,
    probe: await callerProbe('round-trip.js', caller, options.say),
  });
  const floor = await called(bareLines);
  const own = [await called(bridgeCall), await called(bridgeRun), await called(oneShotProcess)];
  const peers = Object.fromEntries([pythonShell, mcpClient, jsonRpc].map((peer) => [peer.name, () => called(peer)]));
  const { found, notes } = await findOptional(peers, options.say);
  const { placements, notes: unavailable } = await availablePlacements();
  const placed = await measurePlacements({ floor, others: [...own, ...found] }, placements, options);
  return toResult(placed.results, [...notes, ...unavailable, ...placed.notes]);
}

interface Placed {
  readonly results: ReadonlyMap<Placement, RoundsResult>;
  readonly notes: readonly string[];
}

/** A placement that cannot be measured just now, most likely the free one, does not spoil the others. */
async function measurePlacements(
  { floor, others }: { readonly floor: Called; readonly others: readonly Called[] },
  placements: readonly Placement[],
  options: BenchmarkOptions,
): Promise<Placed> {
  const results = new Map<Placement, RoundsResult>();
  const notes: string[] = [];
  for (const placement of placements) {
    options.say(`host and plugin: ${placement}`);
    // What starts anew for each call cannot be put on the other core beforehand.
    const measured = others.filter(({ caller }) => placement !== 'one each' || caller !== oneShotProcess);
    try {
      results.set(placement, await measure(floor, measured, { ...options, placement }));
    } catch (error) {
      if (!(error instanceof UnsteadyMachineError)) throw error;
      notes.push(`${placement} LEFT OUT: ${error.message}`);
    }
  }
  return { results, notes };
}

async function measure(
  floor: Called,
  others: readonly Called[],
  { quick, placement }: BenchmarkOptions & { readonly placement: Placement },
): Promise<RoundsResult> {
  await using probes = new ProbeGroup();
  const start = async ({ caller, probe }: Called): Promise<Candidate> => {
    const running = await probes.start(probe);
    await place(running.pid, placement);
    const milliseconds = quick ? 80 : 250;
    return {
      name: caller.name,
      version: running.version,
      measure: async () => (await running.measure({ milliseconds })).value,
    };
  };
  const bare = await start(floor);
  const candidates: Candidate[] = [];
  for (const other of others) candidates.push(await start(other));
  // On a shared core Node's compiler competes with what it compiles for: it needs some two seconds before figures settle.
  return await takeRounds(bare, candidates, { rounds: quick ? 5 : 15, warmUps: quick ? 12 : 8 });
}

function toResult(results: ReadonlyMap<Placement, RoundsResult>, notes: readonly string[]): BenchmarkResult {
  const rows: Row[] = [...results].flatMap(([placement, result]) => rowsOf(result, placement));
  const measured = [...results.values()];
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
    rounds: {
      kept: measured.reduce((sum, { kept }) => sum + kept, 0),
      rejected: measured.reduce((sum, { rejected }) => sum + rejected, 0),
    },
    notes,
  };
}
