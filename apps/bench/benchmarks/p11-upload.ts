// P11: a folder becomes data units on the embedded backend, which has a process of its own.
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requirePython } from '../../../scripts/bootstrap/find-pythons.mjs';
import { findOptional } from '../peers/optional-candidates.js';
import { pythonSdk } from '../peers/python-sdk.js';
import { writePictureFiles, type PictureFiles } from '../runner/picture-files.js';
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
import { nodeProbe, probeFile, type Probe, type ProbeCommand } from '../runner/probe.js';
import type { RoundsResult } from '../runner/rounds.js';
import { takeUsageRounds, UsageCandidate } from '../runner/usage-candidate.js';

export const upload: Benchmark = {
  id: 'P11',
  title: 'a folder of files becomes data units on the embedded backend',
  run: runUpload,
};

interface Setting extends PictureFiles {
  readonly name: string;
  /** How many rounds, at length and quick; 0 is none. */
  readonly rounds: readonly [usual: number, quick: number];
  readonly isSmall?: boolean;
}

const settings: readonly Setting[] = [
  { name: '200 × 10 kB', count: 200, bytes: 10_000, rounds: [7, 3], isSmall: true },
  { name: '5,000 × 10 kB', count: 5000, bytes: 10_000, rounds: [3, 0], isSmall: true },
  { name: '20 × 5 MB', count: 20, bytes: 5_000_000, rounds: [5, 3] },
  { name: '1 × 2 GB', count: 1, bytes: 2_000_000_000, rounds: [3, 0] },
];
const ways = ['presigned', 'through the backend'] as const;

const floorName = 'curl --parallel';
const ours = 'synapse-steps';
const sdk = 'Python SDK';

interface Place {
  readonly folder: string;
  readonly backend: Probe;
  readonly python: string;
  /** An interpreter that has the SDK. */
  readonly sdkPython: string | undefined;
}

async function runUpload({ quick, say }: BenchmarkOptions): Promise<BenchmarkResult> {
  const measured = settings.filter(({ rounds }) => rounds[quick ? 1 : 0] > 0);
  const rows: Row[] = [];
  const results: RoundsResult[] = [];
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'bench-upload-')));
  await using group = new ProbeGroup();
  try {
    const { found, notes } = await findOptional({ 'the Python SDK': pythonSdk }, say);
    const backend = await group.start(nodeProbe('upload-backend.js', [folder]));
    const place: Place = { folder, backend, python: (await requirePython()).command, sdkPython: found[0] };
    for (const setting of measured) {
      say(`writing ${setting.name}`);
      const pictures = join(folder, 'pictures', setting.name, 'image');
      await writePictureFiles(pictures, setting);
      for (const way of ways) {
        say(`${setting.name}, ${way}`);
        const { result, usage } = await measureSetting(setting, { way, place, rounds: setting.rounds[quick ? 1 : 0] });
        results.push(result);
        rows.push(...rowsOf(result, `${setting.name}, ${way}`), ...usage);
      }
      await rm(join(folder, 'pictures'), { recursive: true });
    }
    return toResult({ rows, results, measured, notes });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface MeasureOptions {
  readonly way: string;
  readonly place: Place;
  readonly rounds: number;
}

async function measureSetting(setting: Setting, { way, place, rounds }: MeasureOptions) {
  await using probes = new ProbeGroup();
  const { backend } = place;
  const start = async (name: string, command: ProbeCommand) =>
    new UsageCandidate(name, {
      probe: await probes.start(command),
      prepare: async () => ({ port: (await backend.measure({ wanted: 'fresh' })).value }),
      backend,
    });
  const { python, sdkPython, folder } = place;
  const wire = way === 'presigned' ? 'presigned' : 'backend';
  const args = [setting.name, wire, String(setting.count)];
  const curlArgs = [join(folder, 'pictures', setting.name, 'image'), wire];
  const floor = await start(floorName, { command: [python, probeFile('upload_curl.py'), ...curlArgs] });
  const candidates = [await start(ours, nodeProbe('upload.js', args))];
  if (sdkPython !== undefined) {
    candidates.push(await start(sdk, { command: [sdkPython, '-B', probeFile('upload_synapse_sdk.py'), ...args] }));
  }
  return await takeUsageRounds(floor, candidates, { rounds, setting: `${setting.name}, ${way}` });
}

interface Measured {
  readonly rows: readonly Row[];
  readonly results: readonly RoundsResult[];
  readonly measured: readonly Setting[];
  readonly notes: readonly string[];
}

function toResult({ rows, results, measured, notes }: Measured): BenchmarkResult {
  const places = measured.flatMap((setting) => ways.map((way) => ({ setting, at: `${setting.name}, ${way}` })));
  const ratio = (at: string, by: string) => quotient(medianOf(rows, `${ours}, ${at}`), medianOf(rows, `${by}, ${at}`));
  const first = places[0]?.at ?? '';
  const overFloor = places.map(({ at }): Check => ({
    name: `${at}: ours ÷ curl`,
    value: ratio(at, floorName),
    limit: 1 / 0.8,
    unit: '',
  }));
  const overSdk = places
    .filter(({ setting }) => setting.isSmall)
    .map(({ at }): Check => ({ name: `${at}: ours ÷ Python SDK`, value: ratio(at, sdk), limit: 1 / 3, unit: '' }));
  return {
    id: upload.id,
    title: upload.title,
    unit: 's',
    rows,
    floor: medianOf(rows, `${floorName}, ${first}`),
    ratio: ratio(first, floorName),
    target: '≥ 0.8 × the throughput of curl, ≥ 3 × that of the Python SDK with small files, memory flat in file size',
    checks: [...overFloor, ...overSdk, ...ways.map((way) => memoryCheck(rows, { measured, way }))],
    rounds: countRounds(results),
    notes: [
      'each upload begins with an empty backend; at most 10 files travel at once, for all',
      'curl is told checksums and parts beforehand, and makes data units, too; it asks and confirms in one request each, and sends a large file through the backend in one',
      'ours and the SDK also look into the files; both write no log',
      'processor time and memory are of the client; curl is read every 10 ms, so short ones have less than they had',
      ...notes,
    ],
  };
}

/** The largest file against the smallest. */
function memoryCheck(rows: readonly Row[], { measured, way }: { measured: readonly Setting[]; way: string }): Check {
  const peak = (setting: Setting | undefined) => medianOf(rows, `${ours}: peak memory, ${setting?.name}, ${way}`);
  const [small, large] = [measured[0], measured.at(-1)];
  const name = `${way}: ours, peak memory at ${large?.name} ÷ at ${small?.name}`;
  return { name, value: quotient(peak(large), peak(small)), limit: 1.5, unit: '' };
}
