import { expect, it } from 'vitest';
import { isMessage } from './ignore-messages.mjs';

const template = (...parts: string[]) => ({
  type: 'TemplateLiteral',
  quasis: parts.map((raw) => ({ value: { raw } })),
});

it('tells texts for people from names, codes and statuses', () => {
  expect(isMessage({ type: 'StringLiteral', value: 'The run is over.' })).toBe(true);
  expect(isMessage(template("The step '", "' broke"))).toBe(true);
  expect(isMessage({ type: 'StringLiteral', value: 'rolled-back' })).toBe(false);
  expect(isMessage(template('', '/', ''))).toBe(false);
  expect(isMessage({ type: 'NumericLiteral', value: 3 })).toBe(false);
});
