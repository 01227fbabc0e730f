import { expect, it } from 'vitest';
import { uploadSuite } from '../../suites/upload.js';

it('does every recorded upload as the SDK does, or as a rule says, and needs every rule for it', async () => {
  const result = await uploadSuite.run(uploadSuite.folder);
  expect(result.cases.filter(({ verdict }) => verdict === 'unlisted')).toEqual([]);
  expect(result.same + result.different).toBe(result.cases.length);
  expect(result.cases.length).toBeGreaterThanOrEqual(88);
  expect(uploadSuite.rules.filter(({ id }) => result.byRule[id] === 0).map(({ id }) => id)).toEqual([]);
});
