// P1: what the engine itself costs for each step, with steps that do nothing.
import { npmPeer } from '../peers/npm-peer.js';
import { findOptional } from '../peers/optional-candidates.js';
import { pythonPeer } from '../peers/python-peer.js';
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
import { nodeProbe, Probe, probeFile, type ProbeCommand } from '../runner/probe.js';
import { ProbeGroup } from '../runner/probe-group.js';
import { takeRounds, type Candidate, type RoundsResult } from '../runner/rounds.js';
import { summarize } from '../runner/statistics.js';

const listr2 = { name: 'listr2', version: '9.0.5' };
const synapseSdk = { name: 'synapse-sdk', version: '2026.2.17', requires: '3.12' } as const;

const names = {
  floor: 'bare async calls',
  silent: 'synapse-steps, no reader',
  read: 'synapse-steps, one reader',
  listr2: 'Listr2, silent',
  sdk: 'synapse-sdk (Python)',
};

export const stepOverhead: Benchmark = {
  id: 'P1',
  title: 'in-process overhead of a step that does nothing but can be undone',
  run: runStepOverhead,
};

/** A way to run no-op steps: its name and the program that does it. */
interface Engine {
  readonly name: string;
  readonly probe: ProbeCommand;
  /** Why it is not measured with the largest workflow. */
  readonly notLarge?: string;
}

const smallSizes = [10, 100, 10_000];
const largeSize = 1_000_000;
/** Room for a million steps, and a way to weigh them. */
const nodeOptions = ['--expose-gc', '--max-old-space-size=8192'];

async function runStepOverhead(options: BenchmarkOptions): Promise<BenchmarkResult> {
  const { found, notes: leftOut } = await findOptional(optionalEngines(options.say), options.say);
  const notes = [...leftOut];
  const engines = [...ownEngines(), ...found];
  const results: RoundsResult[] = [];
  const rows: Row[] = [];
  for (const size of smallSizes) {
    options.say(`${size} steps`);
    const result = await measureSmall(size, engines, options);
    results.push(result);
    rows.push(...rowsOf(result, stepsText(size)));
  }
  if (options.quick) notes.push(`${stepsText(largeSize)} and the bytes of a step are left out with --quick`);
  else {
    options.say(`${stepsText(largeSize)}, each time in a new process`);
    const { result, held } = await measureLarge(engines.filter(({ notLarge }) => notLarge === undefined));
    for (const { name, notLarge } of engines)
      if (notLarge) notes.push(`${name} LEFT OUT at ${stepsText(largeSize)}: ${notLarge}`);
    results.push(result);
    rows.push(...rowsOf(result, stepsText(largeSize)), ...held);
  }
  return toResult({ rows, results, notes });
}

function ownEngines(): readonly Engine[] {
  return [
    { name: names.silent, probe: nodeProbe('steps-core.js', [], nodeOptions) },
    { name: names.read, probe: nodeProbe('steps-core.js', ['reader'], nodeOptions) },
  ];
}

function optionalEngines(say: (what: string) => void): Record<string, () => Promise<Engine>> {
  return {
    Listr2: async () => ({
      name: names.listr2,
      probe: nodeProbe('steps-listr2.js', [await npmPeer(listr2, say), listr2.version], nodeOptions),
      notLarge: 'its time grows faster than the number of tasks, and it is not done after minutes',
    }),
    'synapse-sdk': async () => ({
      name: names.sdk,
      probe: { command: [await pythonPeer(synapseSdk, say), probeFile('steps_synapse_sdk.py')] },
    }),
  };
}

const floorProbe = nodeProbe('steps-floor.js', [], nodeOptions);

async function measureSmall(
  steps: number,
  engines: readonly Engine[],
  { quick }: BenchmarkOptions,
): Promise<RoundsResult> {
  await using probes = new ProbeGroup();
  const start = async ({ name, probe }: Engine): Promise<Candidate> => {
    const running = await probes.start(probe);
    const measure = async (): Promise<number> =>
      (await running.measure({ steps, milliseconds: quick ? 80 : 200 })).value;
    return { name, version: running.version, measure };
  };
  const floor = await start({ name: names.floor, probe: floorProbe });
  const candidates: Candidate[] = [];
  for (const engine of engines) candidates.push(await start(engine));
  return await takeRounds(floor, candidates, { rounds: quick ? 5 : 15, warmUps: quick ? 15 : 8 });
}

interface Large {
  readonly result: RoundsResult;
  /** What the result of a run holds in memory, for each step. */
  readonly held: readonly Row[];
}

async function measureLarge(engines: readonly Engine[]): Promise<Large> {
  const heldBytes = new Map<string, number[]>();
  const inNewProcess = async ({ name, probe }: Engine): Promise<Candidate> => {
    const measure = async (): Promise<number> => {
      await using running = await Probe.start(probe);
      const answer = await running.measure({ steps: largeSize, milliseconds: 0, hold: true });
      if (answer.heldBytes !== undefined) {
        heldBytes.set(name, [...(heldBytes.get(name) ?? []), answer.heldBytes / largeSize]);
      }
      return answer.value;
    };
    await using first = await Probe.start(probe);
    return { name, version: first.version, measure };
  };
  const floor = await inNewProcess({ name: names.floor, probe: floorProbe });
  const candidates: Candidate[] = [];
  for (const engine of engines) candidates.push(await inNewProcess(engine));
  const result = await takeRounds(floor, candidates, { rounds: 3, atMost: 9, warmUps: 0 });
  const held = result.candidates.flatMap(({ name, version }): Row[] => {
    const bytes = heldBytes.get(name);
    if (bytes === undefined) return [];
    return [
      {
        name: `${name}, memory held by the result of a step`,
        version,
        ...summarize(bytes),
        unit: 'bytes',
        floor: null,
      },
    ];
  });
  return { result, held };
}

interface Measured {
  readonly rows: readonly Row[];
  readonly results: readonly RoundsResult[];
  readonly notes: readonly string[];
}

function toResult({ rows, results, notes }: Measured): BenchmarkResult {
  const sizes = results.length > smallSizes.length ? [...smallSizes, largeSize] : smallSizes;
  const checks = sizes.flatMap((size) => checksOf(rows, size));
  const at = (name: string, size: number): number | null => medianOf(rows, `${name}, ${stepsText(size)}`);
  if (sizes.includes(largeSize)) {
    const growth = quotient(at(names.silent, largeSize), at(names.silent, 10_000));
    checks.push({ name: 'time is linear: a step of 1,000,000 ÷ a step of 10,000', value: growth, limit: 2, unit: '' });
  }
  const floor = at(names.floor, 10);
  return {
    id: stepOverhead.id,
    title: stepOverhead.title,
    unit: 'µs of processor time a step',
    rows,
    floor,
    ratio: quotient(at(names.silent, 10), floor),
    target: '≤ 0.6 × Listr2 without a reader and ≤ 1 × Listr2 with one, at every size; time linear',
    checks,
    rounds: {
      kept: results.reduce((sum, { kept }) => sum + kept, 0),
      rejected: results.reduce((sum, { rejected }) => sum + rejected, 0),
    },
    notes,
  };
}

/** The largest workflow is held against Listr2's figure for the one before it, which flatters Listr2. */
function checksOf(rows: readonly Row[], size: number): Check[] {
  const peerSize = Math.min(size, 10_000);
  const against = peerSize === size ? names.listr2 : `${names.listr2} of ${stepsText(peerSize)}`;
  const peer = medianOf(rows, `${names.listr2}, ${stepsText(peerSize)}`);
  const check = (name: string, reader: string, limit: number): Check => ({
    name: `${stepsText(size)}: ${reader} ÷ ${against}`,
    value: quotient(medianOf(rows, `${name}, ${stepsText(size)}`), peer),
    limit,
    unit: '',
  });
  return [check(names.silent, 'without a reader', 0.6), check(names.read, 'with one reader', 1)];
}

function stepsText(size: number): string {
  return `${size.toLocaleString('en-US')} steps`;
}
