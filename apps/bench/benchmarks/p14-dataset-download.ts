// P14: a data set is downloaded from the embedded backend, which has a process of its own.
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requirePython } from '../../../scripts/bootstrap/find-pythons.mjs';
import { SDK, synapseSdkInterpreter } from '../../../scripts/bootstrap/synapse-sdk.mjs';
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
import { takeRounds, type RoundsResult } from '../runner/rounds.js';
import { UsageCandidate, usageRows } from '../runner/usage-candidate.js';

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
    const sdkPython = await synapseSdkInterpreter('the Python SDK was not measured');
    say(`downloading ${pictures} pictures`);
    const place = { folder, pictures, rounds: quick ? 3 : 7, backend };
    const { result, usage } = await measureDownloads(place, sdkPython);
    const rows = [...rowsOf(result), ...usage];
    return toResult({ rows, result, pictures, hasSdk: sdkPython !== undefined });
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
      requests: async () => (await backend.measure({ wanted: 'requests' })).value,
    });
  const args = [String(pictures)];
  const python = (await requirePython()).command;
  const floor = await start(floorName, { command: [python, probeFile('dataset_download_curl.py'), ...args] });
  const candidates = [await start(ours, nodeProbe('dataset-download.js', args))];
  if (sdkPython !== undefined) {
    const program = probeFile('dataset_download_synapse_sdk.py');
    candidates.push(await start(sdk, { command: [sdkPython, '-B', program, ...args, temporary] }));
  }
  // A disk is moodier than a processor: the floor may move by half.
  const result = await takeRounds(floor, candidates, { rounds, warmUps: 1, allowedMove: 0.5 });
  return { result, usage: usageRows([floor, ...candidates], `${pictures} pictures`) };
}

interface Measured {
  readonly rows: readonly Row[];
  readonly result: RoundsResult;
  readonly pictures: number;
  readonly hasSdk: boolean;
}

function toResult({ rows, result, pictures, hasSdk }: Measured): BenchmarkResult {
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
      ...(hasSdk ? [] : [`the Python SDK LEFT OUT: ${SDK} needs a newer Python than there is`]),
    ],
  };
}
