import { describe, expect, it } from 'vitest';
import { formatTemplate } from './format-template.js';
import { coreMessages, MessageCatalog } from './message-catalog.js';
import { resolveMessage } from './resolve-message.js';

describe('templates', () => {
  it.each([
    ['{n} files', { n: 3 }, '3 files'],
    ['{p:.1f} %', { p: 12.345 }, '12.3 %'],
    ['{p:.0%}', { p: 0.125 }, '12%'],
    ['{n:,} of {m:,.2f}', { n: 1234567, m: 1234.5 }, '1,234,567 of 1,234.50'],
    ['[{n:>6}] [{n:06d}] [{s:<4}] [{s:^5}] [{s:*>4}]', { n: -42, s: 'ab' }, '[   -42] [-00042] [ab  ] [ ab  ] [**ab]'],
    ['{{literal}} {x}', { x: 1 }, '{literal} 1'],
    ['{list} {flag} {none}', { list: [1, 'a'], flag: true, none: null }, '[1,"a"] true null'],
  ])('fills %j', (template, values, text) => {
    expect(formatTemplate(template, values)).toBe(text);
  });

  it.each([
    ['a value that is not there', '{n} {m}', { n: 1 }, '1 {m}'],
    ['a specification that does not fit', '{s:.1f} {n:d}', { s: 'x', n: 1.5 }, '{s:.1f} {n:d}'],
    ['an unknown specification', '{n:!!}', { n: 1 }, '{n:!!}'],
    ['a brace alone', 'a { b } {n', { n: 1 }, 'a { b } {n'],
    ['a name of the prototype', '{constructor}', {}, '{constructor}'],
  ])('leaves %s as it is written', (...[, template, values, text]) => {
    expect(formatTemplate(template, values)).toBe(text);
  });
});

describe('messages', () => {
  const done = { en: 'done {n}', fr: 'fini {n}' };

  it('are written in the language, else in English, else not at all', () => {
    const write = (language: string): string => resolveMessage(done, { language, values: { n: 1 } }).message;
    expect([write('fr'), write('ko'), write('toString')]).toEqual(['fini 1', 'done 1', 'done 1']);
    expect(resolveMessage({ fr: 'fini' }, { language: 'ko' }).message).toBe('');
  });

  it('of a code have its level and key, whatever level is asked for', () => {
    const { codes } = coreMessages.extend({ DONE: { level: 'success', text: done } });
    expect(resolveMessage(codes.DONE, { language: 'en', level: 'error', values: { n: 2 } })).toEqual({
      level: 'success',
      message: 'done 2',
      code: 'DONE',
    });
  });

  it('with an unknown level are refused', () => {
    expect(() => resolveMessage('x', { language: 'en', level: 'loud' as 'info' })).toThrow("'loud' is no log level");
  });
});

it('a catalog finds codes by key, and refuses a key that is taken', () => {
  const catalog = new MessageCatalog({ A: { text: 'a' } }).extend({ B: { text: 'b' } });
  expect(catalog.find('B')?.text).toBe('b');
  expect(catalog.find('toString')).toBeUndefined();
  expect(() => catalog.extend({ A: { text: 'again' } })).toThrow("'A' is defined already");
});
