import assert from 'node:assert/strict';
import { writePictures } from '../pictures/write-pictures.js';
import { contentOf } from './backend-content.js';
import { DigitsUpload, runUpload } from './digits-upload.js';
import { bold, heading } from './print.js';
import { counts, folderOf, type Stage } from './stage.js';

/** The first folder again, with some pictures more: only those are sent. */
export async function skipWhatIsThere(stage: Stage): Promise<void> {
  const total = counts.first + counts.added;
  heading(`3. The first folder again, with ${counts.added} pictures that are new`);
  await writePictures(folderOf(stage, 'first'), stage.digits.slice(0, total));
  const before = await contentOf(stage);
  const result = await runUpload(DigitsUpload, stage, {
    name: 'First digits, again',
    path: 'first',
    extra_params: { skip_existing_checksums: true },
  });
  const after = await contentOf(stage);

  assert.equal(result.dataUnits, counts.added, `${result.dataUnits} data units were made.`);
  assert.equal(result.leftOutFilesCount, counts.first, `${result.leftOutFilesCount} pictures were left out.`);
  assert(result.leftOutFiles.every(({ code }) => code === 'ALREADY_UPLOADED'));
  assert.deepEqual(after.units.slice(counts.added), before.units, 'Data units that were there have changed.');
  assert.equal(after.files.length, total);
  const skipped = `${result.leftOutFilesCount} pictures were there and were not sent again`;
  console.log(`\n${bold(`${result.dataUnits} data units`)} are new; ${skipped}.`);
}
