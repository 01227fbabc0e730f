import { expect, it } from 'vitest';
import { vectorById } from '../../cases/vector-by-id.js';
import { convertSuite } from '../../suites/convert.js';
import { readConvertVectors, parseConvertVector, type ConvertVector, type FolderVector } from './convert-vector.js';
import { judgeConvert } from './judge-convert.js';

const vectorOf = vectorById(readConvertVectors(convertSuite.folder));

it.each(['c30-dm-yolo-2026.1', 'c02-dm-yolo-single', 'd01-download'])('does %s as the SDK does', async (id) => {
  expect(await judgeConvert(vectorOf(id))).toEqual({ verdict: 'same' });
});

it('takes a conversion that differs where a rule says so for different, and names the rule', async () => {
  expect(await judgeConvert(vectorOf('c06-dm-coco'))).toEqual({ verdict: 'different', rules: ['folders-convert'] });
});

it('sees another label, and a file too few', async () => {
  const vector = vectorOf('c30-dm-yolo-2026.1') as FolderVector;
  const files = { ...vector.expect.files, 'labels/one.txt': { text: '0 0.1 0.1 0.1 0.1' } };
  expect(await differenceOf({ ...vector, expect: { ...vector.expect, files } })).toContain('/files/labels/one.txt#');
  const more = { ...vector.expect.files, 'labels/three.txt': { text: '' } };
  expect(await differenceOf({ ...vector, expect: { ...vector.expect, files: more } })).toContain(
    'missing ["labels/three.txt"]',
  );
});

it('sees other content where the SDK wrote none', async () => {
  const vector = vectorOf('c06-dm-coco') as FolderVector;
  const raised = { type: 'ValueError', message: 'another error' };
  expect(await differenceOf({ ...vector, expect: { raised } })).toContain('another error');
});

async function differenceOf(vector: ConvertVector): Promise<string> {
  const judged = await judgeConvert(vector);
  return judged.verdict === 'unlisted' ? judged.difference : judged.verdict;
}

it('refuses options that nobody knows', () => {
  const given = { source: 'coco', target: 'dm_v2', options: { speed: 1 }, files: {} };
  const vector = { id: 'x', title: 'x', action: 'convert', defect: null, given, expect: {} };
  expect(() => parseConvertVector(vector, 'x.json')).toThrow(/x\.json is no vector/);
});
