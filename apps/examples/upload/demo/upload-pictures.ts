import assert from 'node:assert/strict';
import { writePictures } from '../pictures/write-pictures.js';
import { contentOf } from './backend-content.js';
import { DigitsUpload, runUpload } from './digits-upload.js';
import { bold, heading } from './print.js';
import { counts, folderOf, type Stage } from './stage.js';

/** A folder of pictures becomes data units, each with its row of the metadata file. */
export async function uploadPictures(stage: Stage): Promise<void> {
  heading(`1. ${counts.first} pictures of handwritten digits are uploaded`);
  const digits = stage.digits.slice(0, counts.first);
  await writePictures(folderOf(stage, 'first'), digits);
  const { dataUnits, partialFailure } = await runUpload(DigitsUpload, stage, { name: 'First digits', path: 'first' });
  assert(!partialFailure && dataUnits === counts.first, `Only ${dataUnits} data units were made.`);

  const { units, files } = await contentOf(stage);
  assert.equal(units.length, counts.first, `The backend has ${units.length} data units.`);
  assert.equal(files.length, counts.first, `The backend has ${files.length} files.`);
  const said = new Map(units.map(({ meta }) => [meta?.['origin_file_stem'], Number(meta?.['digit'])]));
  for (const [index, { digit }] of digits.entries()) {
    const stem = `digit-${String(index).padStart(4, '0')}`;
    assert.equal(said.get(stem), digit, `The data unit of ${stem} says ${said.get(stem)}, and it is a ${digit}.`);
  }
  console.log(`\n${bold(`${units.length} data units`)} are there, each with the digit that its row of meta.csv names.`);
}
