import { describe, expect, it } from 'vitest';
import { stepDescriptionSchema } from './describe.js';
import { STEP_BOUNDS, stepExcesses } from './step-bounds.js';

const excessesOf = (asked: Record<string, unknown>, bounds = STEP_BOUNDS) =>
  stepExcesses(stepDescriptionSchema.parse({ name: 'work', ...asked }), bounds);

describe('what a step may ask for', () => {
  it.each([
    ['a grace of a thousand years', { cancel_grace_ms: 1e12 }, 'DE-6', '600000'],
    ['to be hung after a millisecond', { hang_timeout_ms: 1 }, 'DE-6', '30000'],
    ['a schema of megabytes', { step_params: { description: 'x'.repeat(300_000) } }, 'DE-5', '262144'],
    ['a schema from elsewhere', { step_params: { $ref: 'https://example.org/x.json' } }, 'DE-5', 'example.org'],
    [
      'one from elsewhere within',
      { step_params: { properties: { a: { anyOf: [{ $ref: 'x.json#/a' }] } } } },
      'DE-5',
      'x.json',
    ],
  ])('is not %s', (...[, asked, clause, text]) => {
    expect(excessesOf(asked)).toEqual([{ clause, text: expect.stringContaining(text) as string }]);
  });

  it.each([
    ['nothing', {}],
    ['the bounds themselves', { cancel_grace_ms: 600_000, hang_timeout_ms: 30_000 }],
    ['never to be hung', { hang_timeout_ms: 0 }],
    ['a schema that refers to itself', { step_params: { $defs: { a: {} }, properties: { b: { $ref: '#/$defs/a' } } } }],
    [
      'data and a property that look like references',
      { step_params: { default: { $ref: 'x' }, properties: { $ref: { type: 'string' } } } },
    ],
  ])('is %s', (_title, asked) => {
    expect(excessesOf(asked)).toEqual([]);
  });

  it('is what a host allows that has other bounds', () => {
    expect(excessesOf({ hang_timeout_ms: 1 }, { ...STEP_BOUNDS, minHangTimeoutMs: 0 })).toEqual([]);
  });
});
