import fc from 'fast-check';
import { expect, test } from 'vitest';
import { errorFrameSchema, notificationFrameSchema, requestFrameSchema, resultFrameSchema, toFrame } from './frame.js';

const member = fc.oneof(
  fc.constantFrom('2.0', '1.0', 1, 0, -1, 1.5, 2 ** 53, null, 'execute', '', [], {}),
  fc.jsonValue(),
);
const envelope = fc.record(
  {
    jsonrpc: fc.oneof({ arbitrary: fc.constant('2.0'), weight: 5 }, { arbitrary: member, weight: 1 }),
    id: fc.oneof(fc.integer({ min: 1 }), member),
    method: fc.oneof(fc.constant('execute'), member),
    params: fc.oneof(fc.constant({ id: 1 }), member),
    result: fc.oneof(fc.constant({ success: true }), member),
    error: fc.oneof(fc.constant({ code: 1, message: 'no' }), member),
    further: member,
  },
  { requiredKeys: [] },
);
const schemas = {
  request: requestFrameSchema,
  notification: notificationFrameSchema,
  result: resultFrameSchema,
  error: errorFrameSchema,
};

test('a frame is recognised exactly when the schema of its shape accepts it, and is what that makes of it', () => {
  fc.assert(
    fc.property(envelope, (written) => {
      const value: unknown = JSON.parse(JSON.stringify(written));
      const isAnswer = 'result' in written || 'error' in written;
      const shape = (() => {
        if ('method' in written) return isAnswer ? undefined : 'id' in written ? 'request' : 'notification';
        if (!('id' in written) || ('result' in written && 'error' in written)) return undefined;
        return 'result' in written ? 'result' : 'error' in written ? 'error' : undefined;
      })();
      const parsed = shape && schemas[shape].safeParse(value);
      expect(toFrame(value)).toEqual(parsed?.success ? { kind: shape, frame: parsed.data } : undefined);
    }),
    { numRuns: fc.readConfigureGlobal().numRuns ?? 500 },
  );
});

test('what is no object is no frame', () => {
  for (const value of [null, 1, 'text', true, [], [{ jsonrpc: '2.0', id: 1, result: {} }]]) {
    expect(toFrame(value)).toBeUndefined();
  }
});
