// Data sets as the formats' own tools read them: pycocotools, and supervision for COCO, YOLO and Pascal VOC.
import { join } from 'node:path';
import { findPythons } from '../bootstrap/find-pythons.mjs';
import { pythonEnvironment } from '../bootstrap/python-environment.mjs';
import { captureCommand } from '../bootstrap/run-command.mjs';
import { sourceProgram } from '../bootstrap/source-program.mjs';
import { orSkipped } from './gate.mjs';

const TOOLS = ['pycocotools==2.0.11', 'supervision==0.31.2'];
/** The newest version of Python for which both have wheels. */
const NEWEST_MINOR = 14;
const OLDEST_MINOR = 10;

/**
 * Where the tools cannot be fetched, or no Python runs them, this says so, and fails on CI.
 *
 * @returns {Promise<import('./gate.mjs').Check>}
 */
export async function checkDatasetTools() {
  return await orSkipped(`data sets were not read by ${TOOLS.join(' and ')}`, async () => {
    const bin = await pythonEnvironment(await pythonForTools(), { name: 'dataset-tools', packages: TOOLS });
    const args = sourceProgram('packages/datasets/test/format-tools/main.ts', join(bin, 'python'));
    return await captureCommand(process.execPath, args);
  });
}

async function pythonForTools() {
  const found = (await findPythons()).findLast(({ version }) => {
    const minor = Number(version.split('.')[1]);
    return minor >= OLDEST_MINOR && minor <= NEWEST_MINOR;
  });
  if (found !== undefined) return found;
  throw new Error(`They need CPython 3.${OLDEST_MINOR} to 3.${NEWEST_MINOR}, and none was found.`);
}
