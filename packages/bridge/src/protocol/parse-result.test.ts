import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseResult } from './parse-result.js';
import { executeResultSchema } from './step-call.js';

const usual = {
  success: true,
  skipped: false,
  skip_reason: null,
  error: null,
  cause: null,
  data: { count: 1 },
  undo: null,
  patch: [],
};
const operation = { op: 'add', path: '/a', value: 1 };
const odd = fc.oneof(fc.constantFrom(true, null, 'text', {}, [], [operation], [{ op: 'add' }], 1), fc.jsonValue());
const changes = fc.dictionary(fc.constantFrom(...Object.keys(usual), 'further'), fc.option(odd, { nil: undefined }));

test('an answer to execute is what the schema makes of it, whichever way it is looked at', () => {
  fc.assert(
    fc.property(changes, (changed) => {
      const result = JSON.parse(JSON.stringify({ ...usual, ...changed })) as Record<string, unknown>;
      const parsed = parseResult('execute', result);
      const byTheSchema = executeResultSchema.safeParse(result);
      expect(parsed.success).toBe(byTheSchema.success);
      expect(parsed.data).toEqual(byTheSchema.data);
    }),
    { numRuns: fc.readConfigureGlobal().numRuns ?? 500 },
  );
});

test('a whole answer is taken as it came, without a copy, and a short one gets what was left out', () => {
  expect(parseResult('execute', usual).data).toBe(usual);
  expect(parseResult('execute', { success: true, data: { count: 1 } }).data).toEqual(usual);
});
