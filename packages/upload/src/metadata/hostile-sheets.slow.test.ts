import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';

import fc from 'fast-check';
import { expect, it } from 'vitest';

import { makeWorkbook, sheetOf, workbookParts } from '../../test/make-workbook.js';
import { makeZip } from '../../../../test-fixtures/zip/make-zip.js';
import { UploadError } from '../upload-error.js';
import { METADATA_LIMITS } from './metadata-limits.js';
import { readCsv } from './read-csv.js';
import { readExcel } from './xlsx/read-excel.js';

const fixtures = join(import.meta.dirname, '../../test/fixtures');

const SIZE = 200 * 1024 * 1024;

/** Reads, and lets only those errors be that say what is wrong with the file. */
async function outcome(read: Promise<unknown>): Promise<string> {
  try {
    await read;
    return 'read';
  } catch (error) {
    if (UploadError.is(error)) return error.code;
    throw error;
  }
}

it('reads a damaged workbook, or says what is wrong with it, whichever bytes are damaged', async () => {
  const sound = await readFile(join(fixtures, 'openpyxl.xlsx'));
  const damage = fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
  const outcomes = new Set<string>();
  await fc.assert(
    fc.asyncProperty(damage, fc.nat(sound.length), async (changes, cut) => {
      const file = Buffer.from(sound.subarray(0, cut % 3 === 0 ? cut : sound.length));
      for (const [at, value] of changes) if (at < file.length) file[at] = value;
      outcomes.add(await outcome(readExcel(file, METADATA_LIMITS)));
    }),
    { numRuns: 1500 },
  );
  expect(outcomes).toContain('metadata_invalid');
});

it('reads any sheet XML, or says what is wrong with it', async () => {
  const tags = [
    '<row>',
    '</row>',
    '<c r="B1">',
    '<c t="s">',
    '<c t="inlineStr">',
    '</c>',
    '<v>',
    '</v>',
    '<is><t>',
    '</t></is>',
  ];
  const others = [
    'filename',
    '1e999',
    '-5',
    '&lt;',
    '&bad;',
    '<![CDATA[x]]>',
    '<!-- -->',
    '<?x?>',
    '\u0000',
    '<c r="ZZZ9">',
  ];
  const piece = fc.constantFrom(...tags, ...others, '<rPh>', '</rPh>');
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
      const file = makeZip(workbookParts(sheetOf(pieces.join(''))));
      expect(['read', 'metadata_invalid', 'metadata_header', 'metadata_limit']).toContain(
        await outcome(readExcel(file, METADATA_LIMITS)),
      );
    }),
    { numRuns: 1000 },
  );
});

it('reads any bytes as CSV, or says what is wrong with them', async () => {
  const text = fc.array(fc.constantFrom('filename', 'a', ',', '"', '\n', '\r\n', '\uFEFF', 'ä', '\0'), {
    maxLength: 60,
  });
  const bytes = fc.oneof(
    text.map((parts) => Buffer.from(parts.join(''))),
    fc.uint8Array({ maxLength: 200 }).map((raw) => Buffer.from(raw)),
  );
  await fc.assert(
    fc.asyncProperty(bytes, async (file) => {
      expect(['read', 'metadata_invalid', 'metadata_header', 'metadata_limit']).toContain(
        await outcome(readCsv(file, METADATA_LIMITS)),
      );
    }),
    { numRuns: 2000 },
  );
});

it('reads the largest sheet that is allowed, and refuses one row more', async () => {
  const rows = Array.from({ length: 100_000 }, (_, index) => [
    `picture-${index}.jpg`,
    'cat',
    String(index),
    'left',
    'day',
  ]);
  const header = ['filename', 'label', 'number', 'side', 'time'];
  const table = await readExcel(makeWorkbook([header, ...rows]), METADATA_LIMITS);
  expect(Object.keys(table)).toHaveLength(100_000);
  expect(table['picture-99999.jpg']).toEqual({ label: 'cat', number: '99999', side: 'left', time: 'day' });
  const more = makeWorkbook([header, ...rows, ['one-more.jpg', 'dog', '', '', '']]);
  expect(await outcome(readExcel(more, METADATA_LIMITS))).toBe('metadata_limit');
});

it.each([
  ['lies', 1000, 'metadata_limit'],
  ['states its size, which is just allowed', SIZE, 'metadata_invalid'],
])('unpacks a bomb that %s in pieces: memory stays flat', async (_, statedSize, code) => {
  // A thousand to one is what deflate can do.
  const packed = deflateRawSync(Buffer.alloc(SIZE, ' '));
  const parts = workbookParts('').map((part) =>
    part.name.endsWith('sheet1.xml') ? { ...part, packed, statedSize } : part,
  );
  const file = makeZip(parts);
  expect(file.length).toBeLessThan(1024 * 1024);
  const before = process.memoryUsage.rss();
  expect(await outcome(readExcel(file, METADATA_LIMITS))).toBe(code);
  expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 1024 * 1024);
});
