import { expect, it } from 'vitest';
import { convertSuite } from '../../suites/convert.js';
import { carried } from '../content/carried.js';
import { readContent } from '../content/read-content.js';
import { settingsOf } from '../run/interpret-folder.js';
import { contentDifference } from './compare-content.js';
import { readConvertVectors } from './convert-vector.js';

it('does every recorded conversion as the SDK does, or as a rule says, and needs every rule for it', async () => {
  const result = await convertSuite.run(convertSuite.folder);
  expect(result.cases.filter(({ verdict }) => verdict === 'unlisted')).toEqual([]);
  expect(result.cases.length).toBeGreaterThanOrEqual(153);
  expect(convertSuite.rules.filter(({ id }) => result.byRule[id] === 0).map(({ id }) => id)).toEqual([]);
});

/** Where the SDK writes what the data set means, what is expected where it writes nothing must say the same. */
const asMeant = /^(?:c08|c09|c10|c11|c19|c30|c31|c36|c50|c52|c54|c62|c63|c80|c81|c100|c101|c103|c104|c106)-/;

it('expects by its own reading of the formats what the SDK wrote where it was right', () => {
  const folders = readConvertVectors(convertSuite.folder).flatMap((vector) =>
    vector.action === 'convert' ? [vector] : [],
  );
  const checked = folders.filter(({ id, expect: { files } }) => files !== undefined && asMeant.test(id));
  for (const { id, given, expect: recorded } of checked) {
    const { from, to } = settingsOf(given);
    const wanted = carried(readContent(from, given.files), to);
    expect([id, contentDifference(wanted, readContent(to, recorded.files ?? {}), { pixels: 1e-3 })]).toEqual([
      id,
      undefined,
    ]);
  }
  expect(checked.length).toBeGreaterThanOrEqual(19);
});
