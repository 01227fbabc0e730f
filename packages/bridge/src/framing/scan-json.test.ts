import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scanJson } from './scan-json.js';

it.each([
  ['9007199254740991', undefined],
  ['-9007199254740992', 'unsafe_number'],
  ['0.1234567890123456789', undefined],
  ['1234567890123456789.5', undefined],
  ['12345678901234567890e1', undefined],
  ['1e308', undefined],
  ['-1E309', 'unsafe_number'],
  ['1.5e+400', 'unsafe_number'],
  ['1e-400', undefined],
  [`${'9'.repeat(400)}.5`, 'unsafe_number'],
  ['"1e999 \\" 99999999999999999999"', undefined],
])('says of %s that it is %s', (text, problem) => {
  for (const around of [text, `[${text}]`, `{"a":${text},"b":1}`]) expect(scanJson(around, 9)).toBe(problem);
});

it('finds the numbers that would not arrive as they were sent, and no others', () => {
  const whole = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }).map(String);
  const exponent = fc.integer({ min: -400, max: 400 }).map((power) => `1.5e${power}`);
  fc.assert(
    fc.property(
      fc.array(fc.oneof(whole, exponent, fc.double({ noNaN: true, noDefaultInfinity: true }).map(String))),
      (numbers) => {
        const isUnsafe = (text: string) =>
          Number(text) === Infinity || (/^-?\d+$/.test(text) && !Number.isSafeInteger(Number(text)));
        expect(scanJson(`[${numbers.join(',')}]`, 9)).toBe(numbers.some(isUnsafe) ? 'unsafe_number' : undefined);
      },
    ),
  );
});
