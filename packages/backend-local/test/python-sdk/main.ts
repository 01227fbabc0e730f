// A stranger's proof: the real Python SDK runs its own actions against a running embedded backend, over HTTP.
//   node --conditions=@synapse-steps/source --import tsx packages/backend-local/test/python-sdk/main.ts
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captureCommand } from '../../../../scripts/bootstrap/run-command.mjs';
import { SDK, synapseSdkInterpreter } from '../../../../scripts/bootstrap/synapse-sdk.mjs';
import { startLocalBackend, type LocalBackend } from '../../src/index.js';

const TOKEN = 'syn_a-token-of-the-test';
const PICTURES = 12;
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAABQAAAAKCAIAAAA7N+mxAAAAF0lEQVR4nGM8wcXFQC5gIlvnqOYRoxkAJZIA8JEUpzoAAAAASUVORK5CYII=';

const interpreter = await synapseSdkInterpreter('the embedded backend was not tried by the Python SDK');
if (interpreter !== undefined) {
  const folder = await mkdtemp(join(tmpdir(), 'stranger-'));
  try {
    await play(interpreter, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function play(python: string, folder: string): Promise<void> {
  const seed = await lay(folder);
  // Small parts, so that a few megabytes are sent in several.
  await using backend = await startLocalBackend({
    dir: join(folder, 'backend'),
    token: TOKEN,
    limits: { partBytes: 1_000_000 },
  });
  await backend.seed(seed);
  const { code, output } = await captureCommand(
    python,
    ['-W', 'ignore', '-B', join(import.meta.dirname, 'stranger.py'), folder],
    { cwd: folder, env: { HOME: folder, SYNAPSE_HOST: backend.url, SYNAPSE_ACCESS_TOKEN: TOKEN }, timeoutMs: 300_000 },
  );
  const last = output.trim().split('\n').at(-1) ?? '';
  assert(code === 0 && last.startsWith('{'), `the SDK failed with exit code ${code}:\n${output}`);
  const said = JSON.parse(last) as Record<string, Record<string, unknown>>;
  try {
    await check(said, folder, backend);
  } catch (error) {
    console.error(output);
    throw error;
  }
  const units = String(said['deleted']?.['count']);
  console.log(
    `${SDK} uploaded, downloaded and registered against the embedded backend: ${units} data units, 1 dataset, 1 model.`,
  );
}

/** Pictures to upload, one file that needs several parts, weights, and a seed file with a data set. */
async function lay(folder: string): Promise<string> {
  const at = (...path: readonly string[]): string => join(folder, ...path);
  for (const name of ['pictures/image', 'large/image', 'weights', 'set']) await mkdir(at(name), { recursive: true });
  for (let index = 0; index < PICTURES; index += 1) {
    await writeFile(at('pictures/image', `p ${index}.jpg`), jpeg(2000 + index));
  }
  await writeFile(at('large/image/big.jpg'), jpeg(2_500_000));
  await writeFile(at('weights/best.txt'), 'weights');
  for (const name of ['one.png', 'two.png']) await writeFile(at('set', name), Buffer.from(PNG, 'base64'));
  await writeFile(at('set/two.png'), Buffer.concat([Buffer.from(PNG, 'base64'), Buffer.from('2')]));
  const annotations = {
    classification: { bounding_box: ['cat'] },
    images: [{ classification: [{ id: 'k', classification: 'cat', attrs: [] }] }],
  };
  const events = ['one.png', 'two.png'].map((name) => ({
    category: 'train',
    files: { image_1: `set/${name}` },
    data: annotations,
  }));
  const seed = {
    storages: [{ name: 'here', location: '.' }],
    data_collections: [
      {
        name: 'Pictures',
        file_specifications: [
          { name: 'image', file_type: 'image', is_required: true, is_primary: true, extensions: ['jpg'] },
        ],
      },
    ],
    projects: [{ name: 'Labels', data_collection: 'Pictures' }],
    plugin_releases: [{ version: '1.2.0', plugin: { code: 'my-trainer' } }],
    jobs: [{ name: 'first', plugin_release: 'my-trainer 1.2.0' }],
    datasets: [{ name: 'Shapes', events }],
  };
  await writeFile(at('seed.yaml'), JSON.stringify(seed)); // JSON is YAML
  return at('seed.yaml');
}

async function check(
  said: Record<string, Record<string, unknown>>,
  folder: string,
  backend: LocalBackend,
): Promise<void> {
  const large = await readFile(join(folder, 'large/image/big.jpg'));
  for (const way of ['presigned', 'through_backend']) {
    assert.equal(said[way]?.['uploaded_files'], PICTURES, way);
    assert.equal(said[way]?.['data_units'], PICTURES, way);
  }
  for (const way of ['multipart', 'chunked']) assert.equal(said[way]?.['data_units'], 1, way);
  assert.deepEqual(said['chunks'], { checksum: digest('md5', large), size: large.length, offset: large.length });
  assert.deepEqual(said['known'], { existing_checksums: [digest('md5', large)] });
  assert.deepEqual(said['dataset'], { count: 2 });
  assert.deepEqual(said['model'], { id: 1, plugin: 'my-trainer', version: '1.2.0', file: '.zip' });
  assert.deepEqual(await digestsIn(join(folder, 'downloaded/original_files')), await digestsIn(join(folder, 'set')));
  await checkBackend(said, folder, backend);
}

interface Answer {
  readonly count: number;
  readonly results: readonly { readonly files: Record<string, { readonly url: string; readonly checksum: string }> }[];
}

/** What the backend holds now, byte for byte. */
async function checkBackend(
  said: Record<string, Record<string, unknown>>,
  folder: string,
  backend: LocalBackend,
): Promise<void> {
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(`${backend.url}/${path}`, { headers: { 'Synapse-Access-Token': `Token ${TOKEN}` } });
    assert.equal(response.status, 200, `${path}: ${response.status}`);
    return await response.json();
  };
  const { count, results } = (await get('data_units/?page_size=1000')) as Answer;
  assert.equal(count, 2 * PICTURES + 2 - 1, 'one unit was deleted');
  assert.equal(said['deleted']?.['count'], count + 1);
  const sets = ['pictures/image', 'large/image'].map((set) => digestsIn(join(folder, set)));
  const local = (await Promise.all(sets)).flatMap((digests) => [...digests]);
  const stored = new Set<string>();
  for (const { files } of results) {
    const bytes = Buffer.from(await (await fetch(files['image']?.url ?? '')).arrayBuffer());
    assert([digest('sha1', bytes), digest('md5', bytes)].includes(files['image']?.checksum ?? ''));
    stored.add(digest('sha1', bytes));
  }
  assert.deepEqual(stored, new Set(local));
  const { status, progress_record: progress } = (await get('jobs/1/')) as Record<string, unknown>;
  assert(progress !== undefined, `job 1 (${String(status)}) has no progress`);
  const { count: lines } = (await get('logs/?job=1')) as Answer;
  assert(lines > 10, `only ${lines} log lines`);
}

async function digestsIn(folder: string): Promise<ReadonlySet<string>> {
  const names = await readdir(folder);
  return new Set(await Promise.all(names.map(async (name) => digest('sha1', await readFile(join(folder, name))))));
}

function jpeg(size: number): Buffer {
  return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(size - 4)]);
}

function digest(algorithm: string, bytes: Buffer): string {
  return createHash(algorithm).update(bytes).digest('hex');
}
