import { expect, it } from 'vitest';

import { sheetOf, workbookParts } from '../../../test/make-workbook.js';
import { makeZip } from '../../../../../test-fixtures/zip/make-zip.js';
import { METADATA_LIMITS } from '../metadata-limits.js';
import { readExcel } from './read-excel.js';

const HEADER = '<row><c t="str"><v>filename</v></c><c t="str"><v>label</v></c></row>';

it('reads cells by their place, prefixed names, and leaves empty rows out', async () => {
  const sheet =
    '<x:worksheet xmlns:x="urn:x"><x:sheetData><x:row/><x:row><x:c r="A2" t="str"><x:v>filename</x:v></x:c>' +
    '<x:c r="C2" t="str"><x:v>label</x:v></x:c></x:row><x:row><x:c r="A3" t="str"><x:v>a</x:v></x:c>' +
    '<x:c r="B3" t="n"><x:v>1</x:v></x:c><x:c r="C3" t="b"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>';
  expect(await readExcel(makeZip(workbookParts(sheet)), METADATA_LIMITS)).toEqual({ a: { label: 'True' } });
});

it('refuses a zip bomb by what it states, before it is unpacked', async () => {
  const bomb = `${HEADER}${'<row></row>'.repeat(400_000)}`;
  const file = makeZip(workbookParts(sheetOf(bomb)));
  expect(file.length).toBeLessThan(100_000);
  await expect(readExcel(file, { ...METADATA_LIMITS, maxUnpackedSize: 1_000_000 })).rejects.toMatchObject({
    code: 'metadata_limit',
    message: 'Excel file unpacks to more than it may; it looks like a zip bomb',
  });
});

it.each([1000, 5_000_000])('refuses a part that is %d bytes by its own word, and is not', async (statedSize) => {
  const parts = workbookParts(sheetOf(`${HEADER}${'<row></row>'.repeat(100_000)}`));
  const lying = parts.map((part) => (part.name.endsWith('sheet1.xml') ? { ...part, statedSize } : part));
  await expect(readExcel(makeZip(lying), METADATA_LIMITS)).rejects.toMatchObject({
    code: 'metadata_limit',
    message: 'Excel file lies about the size of its parts',
  });
});

it.each([
  ['an entity bomb', '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>', 'a part declares a document type'],
  ['broken XML', '<worksheet><sheetData></worksheet>', 'Unexpected close tag'],
  ['XML that ends too early', '<worksheet><sheetData>', 'Unclosed root tag'],
])('calls %s no workbook', async (_, sheet, words) => {
  await expect(readExcel(makeZip(workbookParts(sheet)), METADATA_LIMITS)).rejects.toMatchObject({
    code: 'metadata_invalid',
    message: expect.stringContaining(words) as string,
  });
});

it.each(['<v>TEXT</v>', '<is><t>TEXT</t></is>'])('refuses a cell that is larger than cells are: %s', async (value) => {
  const cell = `<c t="${value.startsWith('<v') ? 'str' : 'inlineStr'}">${value.replace('TEXT', 'x'.repeat(300_000))}</c>`;
  const file = makeZip(workbookParts(sheetOf(`${HEADER}<row>${cell}</row>`)));
  await expect(readExcel(file, METADATA_LIMITS)).rejects.toMatchObject({
    code: 'metadata_limit',
    message: 'Excel file has a cell with more text than a cell can hold',
  });
});

it('bears no endless attribute', async () => {
  const sheet = sheetOf(`${HEADER}<row spans="${'1'.repeat(300_000)}"></row>`);
  await expect(readExcel(makeZip(workbookParts(sheet)), METADATA_LIMITS)).rejects.toMatchObject({
    code: 'metadata_invalid',
    message: expect.stringContaining('Max buffer length exceeded') as string,
  });
});

it('calls a zip without a workbook no workbook, and one that is cut off', async () => {
  const other = makeZip([{ name: 'a.txt', content: 'a' }]);
  await expect(readExcel(other, METADATA_LIMITS)).rejects.toMatchObject({ code: 'metadata_invalid' });
  const whole = makeZip(workbookParts(sheetOf(HEADER)));
  await expect(readExcel(whole.subarray(0, whole.length - 30), METADATA_LIMITS)).rejects.toMatchObject({
    code: 'metadata_invalid',
  });
});

it('refuses two parts of one name', async () => {
  const parts = workbookParts(sheetOf(HEADER));
  const twice = makeZip([...parts, { name: 'XL/WORKBOOK.XML', content: '' }]);
  await expect(readExcel(twice, METADATA_LIMITS)).rejects.toThrow('two parts have the same name');
});

it('does not follow a cell that says it is in column XFD', async () => {
  const far = `${HEADER}<row><c r="A2" t="str"><v>a</v></c><c r="XFD2" t="str"><v>x</v></c></row>`;
  await expect(readExcel(makeZip(workbookParts(sheetOf(far))), METADATA_LIMITS)).rejects.toMatchObject({
    code: 'metadata_limit',
    message: 'Too many columns: 16384 (max: 300)',
  });
});
