// P4: how the time of a call grows with what it carries.
import { allCalled, called } from '../peers/called.js';
import { bareLines, bridgeCall, jsonRpc, mcpClient, pythonShell, type Caller } from '../peers/python-callers.js';
import {
  medianOf,
  quotient,
  rowsOf,
  type Benchmark,
  type BenchmarkOptions,
  type BenchmarkResult,
  type Check,
  type Row,
} from '../runner/benchmark.js';
import { asking, countRounds, startEach, type Started, type Unplaced } from '../runner/placed-rounds.js';
import { availablePlacements, type Placement } from '../runner/placement.js';
import { ProbeGroup } from '../runner/probe-group.js';
import { takeRounds, UnsteadyMachineError, type RoundsResult } from '../runner/rounds.js';

export const payload: Benchmark = {
  id: 'P4',
  title: 'a call that carries much, both ways',
  run: runPayload,
};

interface Size {
  readonly name: string;
  readonly bytes: number;
  /** Those that are not quadratic yet, and tell something. */
  readonly peers: readonly Caller[];
  /** Of one measurement: a tenth of a second and more, however busy the machine is. */
  readonly calls: number;
  /** Whether the cores change what is measured: a small call is P2's, and the largest is all work of its own. */
  readonly everywhere?: boolean;
}

const peers = [pythonShell, mcpClient, jsonRpc];
const sizes: readonly Size[] = [
  { name: '1 KB', bytes: 1000, peers, calls: 1000 },
  { name: '64 KB', bytes: 64_000, peers, calls: 200 },
  { name: '1 MB', bytes: 1_000_000, peers, calls: 12, everywhere: true },
  { name: '8 MiB − 1', bytes: 8 * 2 ** 20 - 1, peers: [jsonRpc], calls: 2, everywhere: true },
  { name: '32 MB', bytes: 32_000_000, peers: [], calls: 1 },
];

async function runPayload(options: BenchmarkOptions): Promise<BenchmarkResult> {
  const calling = { program: 'round-trip.js', say: options.say } as const;
  const floor = await called(bareLines, calling);
  const { found, notes } = await allCalled({ own: [bridgeCall], peers }, calling);
  const { placements, notes: unavailable } = await availablePlacements();
  const measured: Measured = { rows: [], results: [], notes: [...notes, ...unavailable] };
  for (const placement of placements) {
    // a peer elsewhere tells nothing that it does not tell on one core
    const callers = placement === 'one core' ? [floor, ...found] : [floor, ...found.slice(0, 1)];
    await measurePlacement({ placement, callers, measured }, options);
  }
  return toResult(measured);
}

interface Measured {
  readonly rows: Row[];
  readonly results: RoundsResult[];
  readonly notes: string[];
}

interface PlacementToMeasure {
  readonly placement: Placement;
  readonly callers: readonly Unplaced[];
  readonly measured: Measured;
}

const warming = { milliseconds: 0, least: 2500, bytes: 150 };

/** Each caller is started once, and grows warm with small calls: a large one is not made often enough for that. */
async function measurePlacement(
  { placement, callers, measured }: PlacementToMeasure,
  options: BenchmarkOptions,
): Promise<void> {
  await using probes = new ProbeGroup();
  const started = await startEach(probes, callers, placement);
  for (const { name, ask } of started) {
    options.say(`host and plugin: ${placement}, ${name} grows warm`);
    for (let pass = 0; pass < (options.quick ? 2 : 4); pass += 1) await ask(warming);
  }
  for (const size of sizes) {
    if (placement !== 'one core' && size.everywhere !== true) continue;
    options.say(`host and plugin: ${placement}, ${size.name}`);
    try {
      const result = await measureSize({ size, started, placement }, options);
      measured.rows.push(...rowsOf(result, `${size.name}, ${placement}`));
      measured.results.push(result);
    } catch (error) {
      if (!(error instanceof UnsteadyMachineError)) throw error;
      measured.notes.push(`${size.name}, ${placement} LEFT OUT: ${error.message}`);
    }
  }
}

interface SizeToMeasure {
  readonly size: Size;
  readonly started: readonly Started[];
  readonly placement: Placement;
}

/** On one core nothing is waited for, so that processor time is what passes there, and neighbours do not count. */
async function measureSize({ size, started, placement }: SizeToMeasure, { quick }: BenchmarkOptions) {
  const least = quick ? Math.ceil(size.calls / 2) : size.calls;
  const request = { milliseconds: 0, least, bytes: size.bytes, processor: placement === 'one core' };
  const wanted = new Set([bareLines, bridgeCall, ...size.peers].map(({ name }) => name));
  const candidates = started.filter(({ name }) => wanted.has(name)).map((one) => asking(one, request));
  const [floor, ...others] = candidates;
  if (floor === undefined) throw new RangeError('There is no floor to measure.');
  const rounds = quick ? 3 : 7;
  return await takeRounds(floor, others, { rounds, atMost: rounds * 2, warmUps: size.bytes > 10_000_000 ? 1 : 2 });
}

function toResult({ rows, results, notes }: Measured): BenchmarkResult {
  const ratioAt = (name: string): number | null =>
    quotient(
      medianOf(rows, `${bridgeCall.name}, ${name}, one core`),
      medianOf(rows, `${bareLines.name}, ${name}, one core`),
    );
  const check = ({ name }: Size): Check => ({
    name: `${name}: one call ÷ bare JSON lines`,
    value: ratioAt(name),
    limit: 1.15,
    unit: '',
  });
  return {
    id: payload.id,
    title: payload.title,
    unit: 'µs a call',
    rows,
    floor: medianOf(rows, `${bareLines.name}, 1 MB, one core`),
    ratio: ratioAt('1 MB'),
    target: '≤ 1.15 × bare JSON lines at every size, on one core',
    checks: sizes.map(check),
    rounds: countRounds(results),
    notes: [
      ...notes,
      'on one core: processor time of host and plugin together',
      'one each and free are measured at 1 MB and 8 MiB − 1, without peers: a small call is P2’s, and 32 MB is all work of its own',
      'what is larger than 256 KiB travels by file: values of that size are not in the frame',
    ],
  };
}
