// P13: a data set with 100,000 boxes is converted from one format into another, pictures included.
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { convertDataset, type DatasetFormat } from '@synapse-steps/datasets';
import { findOptional } from '../peers/optional-candidates.js';
import { pythonPeer, type PythonPeer } from '../peers/python-peer.js';
import { pythonSdk } from '../peers/python-sdk.js';
import { writeAnnotatedPictures } from '../runner/annotated-pictures.js';
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
import { countRounds } from '../runner/placed-rounds.js';
import { ProbeGroup } from '../runner/probe-group.js';
import { nodeProbe, probeFile, type ProbeCommand } from '../runner/probe.js';
import type { RoundsResult } from '../runner/rounds.js';
import { takeUsageRounds, UsageCandidate } from '../runner/usage-candidate.js';

export const conversion: Benchmark = {
  id: 'P13',
  title: 'a data set is converted, pictures included',
  run: runConversion,
};

interface Setting {
  readonly pictures: number;
  readonly rounds: number;
}

interface Pair {
  readonly from: DatasetFormat;
  readonly to: DatasetFormat;
  /** Which of the others can do it. */
  readonly peer: PeerName;
}

type PeerName = 'Python SDK' | 'supervision';

/** What the others can do: the SDK's way from its own format to YOLO and COCO takes no folders. */
const pairs: readonly Pair[] = [
  { from: 'dm_v2', to: 'pascal', peer: 'Python SDK' },
  { from: 'yolo', to: 'dm_v2', peer: 'Python SDK' },
  { from: 'coco', to: 'yolo', peer: 'supervision' },
];
const boxes = 20;
const ours = 'synapse-steps';
const floorName = 'files alone';
const supervision: PythonPeer = {
  name: 'supervision',
  version: '0.31.2',
  requires: '3.12',
  beside: ['opencv-python-headless==5.0.0.93'], // it asks for it, to be fast
};

interface Place {
  readonly folder: string;
  /** Interpreters that have the peers. */
  readonly interpreters: ReadonlyMap<PeerName, string>;
}

async function runConversion({ quick, say }: BenchmarkOptions): Promise<BenchmarkResult> {
  const few = { pictures: 1000, rounds: 3 };
  const settings: readonly Setting[] = quick ? [few] : [few, { pictures: 5000, rounds: 5 }];
  const { interpreters, notes } = await findPeers(say);
  const rows: Row[] = [];
  const results: RoundsResult[] = [];
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'bench-conversion-')));
  try {
    for (const setting of settings) {
      say(`writing ${nameOf(setting)}`);
      await writeSources(folder, setting);
      for (const pair of pairs) {
        say(`${nameOf(setting)}, ${titleOf(pair)}`);
        const measured = await measurePair(pair, setting, { folder, interpreters });
        results.push(measured.result);
        rows.push(...rowsOf(measured.result, `${titleOf(pair)}, ${nameOf(setting)}`), ...measured.usage);
      }
    }
    return toResult({ rows, results, settings, notes });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function findPeers(say: (what: string) => void) {
  const { found, notes } = await findOptional<readonly [PeerName, string]>(
    {
      'Python SDK': async () => ['Python SDK', await pythonSdk()] as const,
      supervision: async () => ['supervision', await pythonPeer(supervision, say)] as const,
    },
    say,
  );
  return { interpreters: new Map<PeerName, string>(found), notes };
}

/** The data set in the backend's own format, and, by our converter, in those that are converted from. */
async function writeSources(folder: string, { pictures }: Setting): Promise<void> {
  await rm(join(folder, 'sources'), { recursive: true, force: true });
  const input = join(folder, 'sources', 'dm_v2');
  await writeAnnotatedPictures(input, { pictures, boxes });
  for (const to of ['yolo', 'coco'] as const) {
    await convertDataset({ from: 'dm_v2', to, input, output: join(folder, 'sources', to), copyPictures: true });
  }
}

async function measurePair({ from, to, peer }: Pair, setting: Setting, { folder, interpreters }: Place) {
  const input = join(folder, 'sources', from);
  const [reference, output] = [join(folder, 'reference'), join(folder, 'output')];
  await rm(reference, { recursive: true, force: true });
  await convertDataset({ from, to, input, output: reference, copyPictures: true });
  await using probes = new ProbeGroup();
  const prepare = async () => {
    await rm(output, { recursive: true, force: true });
    return { output };
  };
  const start = async (name: string, command: ProbeCommand) =>
    new UsageCandidate(name, { probe: await probes.start(command), prepare });
  const floor = await start(floorName, nodeProbe('convert-files-alone.js', [input, reference]));
  const args = [from, to, input, String(setting.pictures * boxes)];
  const candidates = [await start(ours, nodeProbe('convert.js', args))];
  const interpreter = interpreters.get(peer);
  if (interpreter !== undefined) {
    const program = peer === 'supervision' ? 'convert_supervision.py' : 'convert_synapse_sdk.py';
    candidates.push(await start(peer, { command: [interpreter, '-B', probeFile(program), ...args] }));
  }
  const at = `${titleOf({ from, to })}, ${nameOf(setting)}`;
  return await takeUsageRounds(floor, candidates, { rounds: setting.rounds, setting: at });
}

interface Measured {
  readonly rows: readonly Row[];
  readonly results: readonly RoundsResult[];
  readonly settings: readonly Setting[];
  readonly notes: readonly string[];
}

function toResult({ rows, results, settings, notes }: Measured): BenchmarkResult {
  const places = settings.flatMap((setting) =>
    pairs.map((pair) => ({ peer: pair.peer, at: `${titleOf(pair)}, ${nameOf(setting)}` })),
  );
  const median = (name: string, at: string) => medianOf(rows, `${name}, ${at}`);
  const first = places.at(-pairs.length)?.at ?? '';
  const overPeers = places.map(({ peer, at }): Check => ({
    name: `${at}: ours ÷ ${peer}`,
    value: quotient(median(ours, at), median(peer, at)),
    limit: 1,
    unit: '',
  }));
  return {
    id: conversion.id,
    title: conversion.title,
    unit: 's',
    rows,
    floor: median(floorName, first),
    ratio: quotient(median(ours, first), median(floorName, first)),
    target: 'no slower than the others, memory flat in the size of the data set',
    checks: [...overPeers, ...(settings.length > 1 ? pairs.map((pair) => memoryCheck(rows, pair, settings)) : [])],
    rounds: countRounds(results),
    notes: [
      `each picture has ${boxes} boxes; the pictures are small, and copied by all`,
      'the floor reads the annotations and writes what we write, without a look at any of it',
      'what is checked differs: ours and the SDK read the size of each picture, supervision decodes it; ours alone appears all at once',
      ...notes,
    ],
  };
}

/** The largest data set against the smallest. */
function memoryCheck(rows: readonly Row[], pair: Pair, settings: readonly Setting[]): Check {
  const peak = (setting: Setting | undefined) =>
    setting && medianOf(rows, `${ours}: peak memory, ${titleOf(pair)}, ${nameOf(setting)}`);
  const value = quotient(peak(settings.at(-1)) ?? null, peak(settings[0]) ?? null);
  return { name: `${titleOf(pair)}: ours, peak memory of the largest ÷ of the smallest`, value, limit: 1.5, unit: '' };
}

function titleOf({ from, to }: Pick<Pair, 'from' | 'to'>): string {
  return `${from} → ${to}`;
}

function nameOf({ pictures }: Setting): string {
  return `${(pictures * boxes).toLocaleString('en-US')} boxes`;
}
