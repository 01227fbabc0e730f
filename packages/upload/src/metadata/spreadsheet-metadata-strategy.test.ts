import { truncate } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { makeWorkbook } from '../../test/make-workbook.js';
import { temporaryFolder } from '../../test/temporary-folder.js';
import { NoneMetadataStrategy, SpreadsheetMetadataStrategy } from './spreadsheet-metadata-strategy.js';

const fixture = (name: string): string => join(import.meta.dirname, '../../test/fixtures', name);
const strategy = new SpreadsheetMetadataStrategy();

it('reads a workbook of openpyxl to the texts that Python would make of it', async () => {
  expect(await strategy.read(fixture('openpyxl.xlsx'))).toEqual({
    'a.jpg': {
      label: 'cat',
      score: '0.3',
      count: '7',
      seen: '2024-05-01 13:30:15',
      day: '2024-05-01 00:00:00',
      at: '12:30:00',
      ok: 'True',
      big: '1e+16',
      tiny: '1e-05',
      한글: '고양이',
    },
    'b.jpg': {
      label: '',
      score: '2',
      count: '-3',
      seen: '1900-01-05 00:00:00',
      day: '',
      at: '',
      ok: 'False',
      big: '1.234567890123457e+17',
      tiny: '-1.5',
      한글: expect.stringMatching(/^x\s+y$/u) as string,
    },
  });
});

it('reads the sheet in front, rich text, days since 1904, and saved results of formulas', async () => {
  expect(await strategy.read(fixture('xlsxwriter.xlsx'))).toEqual({
    a: { rich: 'plain bold end', day: '2024-05-01 00:00:00', price: '12.5', sum: '3' },
  });
});

it('reads a CSV file: trimmed, with a byte order mark, without rows that say nothing', async () => {
  await using folder = await temporaryFolder();
  const file = await folder.write(
    'meta.CSV',
    '\uFEFFfilename,label\na.jpg, cat \nb.jpg,\n,ignored\n"c, d.jpg","say ""x"""\n',
  );
  expect(await strategy.read(file)).toEqual({ 'a.jpg': { label: 'cat' }, 'c, d.jpg': { label: 'say "x"' } });
});

it('keeps empty values of a row that has others, and a file called __proto__', async () => {
  await using folder = await temporaryFolder();
  const table = await strategy.read(await folder.write('meta.csv', 'FILENAME,label,note\n__proto__,,x\n'));
  expect(Object.entries(table)).toEqual([['__proto__', { label: '', note: 'x' }]]);
});

it.each([
  [
    'meta.xlsx',
    makeWorkbook([['picture', 'label']]),
    'metadata_header',
    'First column header must be "filename" or "file_name", got: "picture". Valid options: filename, file_name',
  ],
  [
    'meta.csv',
    'id,label\na.jpg,cat\n',
    'metadata_header',
    'First column header must be "filename" or "file_name", got: "id". Valid options: filename, file_name',
  ],
  [
    'meta.xlsx',
    makeWorkbook([['filename'], ['a.jpg']]),
    'metadata_invalid',
    'Excel file must have at least 2 columns (filename and metadata)',
  ],
  [
    'meta.xlsx',
    makeWorkbook([]),
    'metadata_invalid',
    'Excel file must have at least 2 columns (filename and metadata)',
  ],
  ['meta.csv', '', 'metadata_invalid', 'CSV file must have at least 2 columns (filename and metadata)'],
  ['meta.xlsx', 'no zip at all', 'metadata_invalid', 'Invalid Excel file format: File is not a zip file'],
  ['meta.xlsx', '', 'metadata_invalid', 'Invalid Excel file format: File is not a zip file'],
  [
    'meta.xls',
    Buffer.from('d0cf11e0a1b11ae10000', 'hex'),
    'metadata_invalid',
    'Invalid Excel file format: it is of the old format; save it as .xlsx or .csv',
  ],
  [
    'meta.csv',
    Buffer.from('filename,label\na.jpg,\xc0\xcc', 'latin1'),
    'metadata_invalid',
    'Invalid CSV file format: it is not UTF-8; save it as "CSV UTF-8"',
  ],
  ['meta.csv', 'filename,label\n"secret', 'metadata_invalid', 'Invalid CSV file format: Quote Not Closed'],
  [
    'meta.xlsx',
    makeWorkbook([Array.from({ length: 301 }, (_, index) => `c${index}`)]),
    'metadata_limit',
    'Too many columns: 301 (max: 300)',
  ],
  ['meta.csv', `filename,label\n${'x,'.repeat(300)}x`, 'metadata_limit', 'Too many columns: 301 (max: 300)'],
  [
    'meta.csv',
    `filename,label\n${'x,y\n'.repeat(100_001)}`,
    'metadata_limit',
    'Too many rows: more than 100000 (max: 100000)',
  ],
])('says what is wrong with a %s (%#)', async (...[name, content, code, message]) => {
  await using folder = await temporaryFolder();
  const file = await folder.write(name, content);
  await expect(strategy.read(file)).rejects.toMatchObject({ code, message });
});

it('says as a fact, too, which header it met', async () => {
  await using folder = await temporaryFolder();
  const file = await folder.write('meta.csv', 'id,label\n');
  await expect(strategy.read(file)).rejects.toMatchObject({ details: { header: 'id' } });
});

it('refuses a file over 10 MB without reading it', async () => {
  await using folder = await temporaryFolder();
  const file = await folder.write('meta.xlsx');
  await truncate(file, 10_485_761);
  await expect(strategy.read(file)).rejects.toMatchObject({
    code: 'metadata_limit',
    message: 'Excel file too large: 10,485,761 bytes (max: 10,485,760)',
  });
});

it('says that a file is not there', async () => {
  await using folder = await temporaryFolder();
  await expect(strategy.read(join(folder.path, 'none.xlsx'))).rejects.toMatchObject({
    code: 'metadata_invalid',
    message: expect.stringContaining('ENOENT') as string,
  });
});

it('stops when it is told to', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(strategy.read(fixture('openpyxl.xlsx'), { signal })).rejects.toThrow('enough');
});

it('bounds the text that is kept, however often a sheet refers to one string', async () => {
  await using folder = await temporaryFolder();
  const file = await folder.write(
    'meta.csv',
    `filename,label\n${Array.from({ length: 20 }, (_, n) => `${n},xxxx\n`).join('')}`,
  );
  const limited = new SpreadsheetMetadataStrategy({ maxTextLength: 50 });
  await expect(limited.read(file)).rejects.toMatchObject({
    code: 'metadata_limit',
    message: expect.stringContaining('too much text') as string,
  });
});

it('can be told to read nothing', async () => {
  const none = new NoneMetadataStrategy();
  expect(none.fileNames).toEqual([]);
  expect(await none.read()).toEqual({});
  expect(none.match()).toBeUndefined();
});
