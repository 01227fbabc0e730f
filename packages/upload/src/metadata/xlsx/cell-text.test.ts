import { expect, it } from 'vitest';

import { cellText, dateText, floatText } from './cell-text.js';
import { isDateFormat } from './date-styles.js';
import { unescapeText } from './rich-text.js';

it.each([
  [0.5, '0.5'],
  [1, '1.0'],
  [-0, '-0.0'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [1.5e-10, '1.5e-10'],
  [1e15, '1000000000000000.0'],
  [1e16, '1e+16'],
  [1.25e100, '1.25e+100'],
])('writes %d as Python does', (value, text) => {
  expect(floatText(value)).toBe(text);
});

it.each([
  [1, false, '1900-01-01 00:00:00'],
  [59, false, '1900-02-28 00:00:00'],
  [61, false, '1900-03-01 00:00:00'],
  [45413.5625, false, '2024-05-01 13:30:00'],
  [43951, true, '2024-05-01 00:00:00'],
  [0.75, false, '18:00:00'],
  [-1, false, undefined],
  [3_000_000, false, undefined],
])('reads day %d as a date (since 1904: %s)', (days, epoch1904, text) => {
  expect(dateText(days, epoch1904)).toBe(text);
});

it.each([
  ['yyyy-mm-dd', true],
  ['[h]:mm', true],
  ['General', false],
  ['0.00E+00', false],
  ['[Red]#,##0 "days"', false],
  ['0.00\\d', false],
  ['#,##0;[Red]yy', false],
])('knows what %s is for', (code, isDate) => {
  expect(isDateFormat(code)).toBe(isDate);
});

it('leaves a number alone that is none, and a reference to a string that is not there empty', () => {
  const context = { sharedStrings: [], dateStyles: [true], epoch1904: false };
  expect(cellText({ type: 'n', style: undefined, raw: '1,5' }, context)).toBe('1,5');
  expect(cellText({ type: 's', style: undefined, raw: '4' }, context)).toBe('');
  expect(cellText({ type: undefined, style: '0', raw: '9999999' }, context)).toBe('9999999');
  expect(cellText({ type: 'e', style: undefined, raw: '#N/A' }, context)).toBe('#N/A');
  expect(cellText({ type: 'd', style: undefined, raw: '2024-05-01T10:00:00Z' }, context)).toBe('2024-05-01 10:00:00');
});

it('reads what XML cannot hold', () => {
  expect(unescapeText('a_x000D_b_x00G0_')).toBe('a\rb_x00G0_');
});
