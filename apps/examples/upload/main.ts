// npm run example -- upload: a folder of pictures is uploaded to the embedded backend; an upload fails and leaves nothing; a
// second one sends only what is new. All of it takes place in a temporary folder.
import { AssertionError } from 'node:assert';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BackendClient } from '@synapse-steps/backend';
import { startLocalBackend } from '@synapse-steps/backend-local';
import { failAndUndo } from './demo/fail-and-undo.js';
import { skipWhatIsThere } from './demo/skip-what-is-there.js';
import { uploadPictures } from './demo/upload-pictures.js';
import { readDigits } from './pictures/read-digits.js';

const seed = `
storages:
  - { name: pictures, location: pictures }
data_collections:
  - name: Handwritten digits
    file_specifications:
      - { name: image, file_type: image, is_required: true, is_primary: true, extensions: [png] }
`;

process.exitCode = await main();

async function main(): Promise<number> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'synapse-steps-upload-')));
  try {
    await tellStories(folder);
    return 0;
  } catch (error) {
    if (!(error instanceof AssertionError)) throw error;
    console.error(`\nThis is not as it must be. ${error.message}`);
    return 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function tellStories(folder: string): Promise<void> {
  const pictures = join(folder, 'pictures');
  await mkdir(pictures);
  await writeFile(join(folder, 'seed.yaml'), seed);
  await using backend = await startLocalBackend({ dir: join(folder, 'backend'), token: 'of-this-example' });
  const seeded = await backend.seed(join(folder, 'seed.yaml'));
  const idOf = (wanted: string): number => seeded.find(({ kind }) => kind === wanted)?.id ?? 0;
  const stage = {
    client: new BackendClient({ host: backend.url, token: 'of-this-example' }),
    digits: await readDigits(),
    pictures,
    dir: backend.dir,
    storage: idOf('storages'),
    dataCollection: idOf('data_collections'),
  };
  await uploadPictures(stage);
  await failAndUndo(stage);
  await skipWhatIsThere(stage);
}
