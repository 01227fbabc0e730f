// P14: a data set is downloaded from the embedded backend, which has a process of its own.
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requirePython } from '../../../scripts/bootstrap/find-pythons.mjs';
import { findOptional } from '../peers/optional-candidates.js';
import { pythonSdk } from '../peers/python-sdk.js';
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
import { writePictureFiles } from '../runner/picture-files.js';
import { ProbeGroup } from '../runner/probe-group.js';
import { nodeProbe, probeFile, type Probe, type ProbeCommand } from '../runner/probe.js';
import type { RoundsResult } from '../runner/rounds.js';
import { takeUsageRounds, UsageCandidate } from '../runner/usage-candidate.js';

export const datasetDownload: Benchmark = {
  id: 'P14',
  title: 'a data set is downloaded from the embedded backend',
  run: runDownload,
};

const BYTES = 10_000;
const floorName = 'curl --parallel';
const ours = 'synapse-steps';
const sdk = 'Python SDK';

interface Place {
  readonly folder: string;
  readonly pictures: number;
  readonly rounds: number;
  readonly backend: Probe;
}

async function runDownload({ quick, say }: BenchmarkOptions): Promise<BenchmarkResult> {
  const pictures = quick ? 1000 : 5000;
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'bench-dataset-')));
  await using group = new ProbeGroup();
  try {
    say(`writing ${pictures} pictures, and seeding the backend with them`);
    await writePictureFiles(join(folder, 'pictures'), { count: pictures, bytes: BYTES });
    const backend = await group.start(nodeProbe('dataset-backend.js', [folder]));
    const { found, notes } = await findOptional({ 'the Python SDK': pythonSdk }, say);
    say(`downloading ${pictures} pictures`);
    const place = { folder, pictures, rounds: quick ? 3 : 7, backend };
    const { result, usage } = await measureDownloads(place, found[0]);
    const rows = [...rowsOf(result), ...usage];
    return toResult({ rows, result, pictures, notes });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureDownloads({ folder, pictures, rounds, backend }: Place, sdkPython: string | undefined) {
  await using probes = new ProbeGroup();
  const [output, temporary] = [join(folder, 'output'), join(folder, 'temporary')];
  const start = async (name: string, command: ProbeCommand) =>
    new UsageCandidate(name, {
      probe: await probes.start(command),
      prepare: async () => {
        for (const old of [output, temporary]) await rm(old, { recursive: true, force: true });
        return { output, port: (await backend.measure({ wanted: 'port' })).value };
      },
      backend,
    });
  const args = [String(pictures)];
  const python = (await requirePython()).command;
  const floor = await start(floorName, { command: [python, probeFile('dataset_download_curl.py'), ...args] });
  const candidates = [await start(ours, nodeProbe('dataset-download.js', args))];
  if (sdkPython !== undefined) {
    const program = probeFile('dataset_download_synapse_sdk.py');
    candidates.push(await start(sdk, { command: [sdkPython, '-B', program, ...args, temporary] }));
  }
  return await takeUsageRounds(floor, candidates, { rounds, setting: `${pictures} pictures` });
}

interface Measured {
  readonly rows: readonly Row[];
  readonly result: RoundsResult;
  readonly pictures: number;
  readonly notes: readonly string[];
}

function toResult({ rows, result, pictures, notes }: Measured): BenchmarkResult {
  const ratio = (by: string) => quotient(medianOf(rows, ours), medianOf(rows, by));
  const check = (by: string, limit: number): Check => ({ name: `ours ÷ ${by}`, value: ratio(by), limit, unit: '' });
  return {
    id: datasetDownload.id,
    title: `${datasetDownload.title}: ${pictures.toLocaleString('en-US')} pictures of 10 kB`,
    unit: 's',
    rows,
    floor: medianOf(rows, floorName),
    ratio: ratio(floorName),
    target: '≥ 0.8 × the throughput of curl, no slower than the Python SDK',
    checks: [check(floorName, 1 / 0.8), check(sdk, 1)],
    rounds: { kept: result.kept, rejected: result.rejected },
    notes: [
      'each download goes into a new folder, and nothing of another one is there to be used again',
      'curl is told how many pages there are, fetches all of them at once and then the pictures, ten at once; it writes no file of annotations for each picture, as the others do',
      'processor time and memory are of the client; curl is read every 10 ms, so short ones have less than they had',
      ...notes,
    ],
  };
}
