// npm run example -- train: pictures of handwritten digits are uploaded to the embedded backend and become a data set there; a
// training downloads it, learns, and registers a model. All of it takes place in a temporary folder.
import { AssertionError } from 'node:assert';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BackendClient } from '@synapse-steps/backend';
import { startLocalBackend } from '@synapse-steps/backend-local';
import { StepFailedError } from '@synapse-steps/core';
import { makeDataset } from './data/make-dataset.js';
import { uploadDigits } from './data/upload-digits.js';
import { EXIT, exitCodeOf } from './demo/exit-codes.js';
import { readOptions, type Options } from './demo/options.js';
import { bold, heading } from '../upload/demo/print.js';
import { refuseModel } from './demo/refuse-model.js';
import type { Stage } from './demo/stage.js';
import { trainModel } from './demo/train-model.js';

const seed = `
storages:
  - { name: pictures, location: pictures }
data_collections:
  - name: Handwritten digits
    file_specifications:
      - { name: image, file_type: image, is_required: true, is_primary: true, extensions: [png] }
`;
const token = 'of-this-example';

process.exitCode = await main();

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if ('exitCode' in options) return options.exitCode;
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'synapse-steps-train-')));
  try {
    return await tellStories(folder, options);
  } catch (error) {
    if (StepFailedError.is(error)) {
      console.error(`\n${error.message}`);
      return exitCodeOf(error.report);
    }
    if (!(error instanceof AssertionError)) throw error;
    console.error(`\nThis is not as it must be. ${error.message}`);
    return EXIT.notAsTold;
  } finally {
    if (options.keeps) console.log(`\nKept: ${folder}`);
    else await rm(folder, { recursive: true, force: true });
  }
}

async function tellStories(folder: string, options: Options): Promise<number> {
  const pictures = join(folder, 'pictures');
  await mkdir(pictures);
  await writeFile(join(folder, 'seed.yaml'), seed);
  await using backend = await startLocalBackend({ dir: join(folder, 'backend'), token });
  const seeded = await backend.seed(join(folder, 'seed.yaml'));
  const idOf = (wanted: string): number => seeded.find(({ kind }) => kind === wanted)?.id ?? 0;
  const stage: Stage = {
    client: new BackendClient({ host: backend.url, token }),
    host: backend.url,
    token,
    folder,
    pictures,
    dir: backend.dir,
    storage: idOf('storages'),
    dataCollection: idOf('data_collections'),
  };
  const dataset = await prepareDataset(stage);
  const model = await trainModel(stage, dataset, options);
  return options.fails ? await refuseModel(stage, { ...options, dataset, model }) : EXIT.trained;
}

async function prepareDataset(stage: Stage): Promise<number> {
  heading('1. Pictures of handwritten digits are uploaded, and become a data set');
  const { id, counts } = await makeDataset(stage, await uploadDigits(stage));
  console.log(`${bold(`Data set ${id}`)}: ${counts.train} pictures to learn from, ${counts.test} held out`);
  return id;
}
