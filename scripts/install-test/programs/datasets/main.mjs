// A DM data set becomes COCO, and DM again; a second conversion into the same folder is refused.
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { convertDataset, DatasetAction, DatasetError } from '@synapse-steps/datasets';

const picture =
  'iVBORw0KGgoAAAANSUhEUgAAABQAAAAKCAIAAAA7N+mxAAAAF0lEQVR4nGM8wcXFQC5gIlvnqOYRoxkAJZIA8JEUpzoAAAAASUVORK5CYII=';
const box = { id: 'b', classification: 'cat', attrs: [], data: [2, 3, 8, 4] };
for (const name of ['json', 'original_files']) await mkdir(`in/${name}`, { recursive: true });
await writeFile('in/json/one.json', JSON.stringify({ images: [{ bounding_box: [box] }] }));
await writeFile('in/original_files/one.png', Buffer.from(picture, 'base64'));

const { path, pictures } = await new DatasetAction({ operation: 'convert', path: 'in', target_format: 'coco' }).run();
assert.equal(pictures, 1);
assert.deepEqual((await readdir(path)).sort(), ['.complete', 'annotations.json', 'one.png']);

const back = /** @type {const} */ ({ from: 'coco', to: 'dm_v2', input: path, output: 'back' });
assert.equal((await convertDataset(back)).annotations, 1);
assert.deepEqual(JSON.parse(await readFile('back/json/one.json', 'utf8')).images[0].bounding_box[0].data, box.data);
const error = await convertDataset(back).then(
  () => assert.fail('the folder is there'),
  (reason) => reason,
);
assert(DatasetError.is(error) && error.code === 'output_exists', String(error));
console.log('converted DM to COCO and back, and refused to overwrite');
