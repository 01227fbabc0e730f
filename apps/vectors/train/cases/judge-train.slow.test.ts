import { expect, it } from 'vitest';
import { trainSuite } from '../../suites/train.js';

it('does every recorded training as the SDK does, or as a rule says, and needs every rule for it', async () => {
  const result = await trainSuite.run(trainSuite.folder);
  expect(result.cases.filter(({ verdict }) => verdict === 'unlisted')).toEqual([]);
  expect(result.cases.length).toBeGreaterThanOrEqual(71);
  expect(trainSuite.rules.filter(({ id }) => result.byRule[id] === 0).map(({ id }) => id)).toEqual([]);
});
