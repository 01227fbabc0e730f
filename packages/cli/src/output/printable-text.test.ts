import { expect, it } from 'vitest';
import { fit, printable, printableLines } from './printable-text.js';

it('takes out control sequences, control characters and marks that turn the writing', () => {
  expect(printable('\u001b[31mred\u001b[0m \u001b]52;c;aGk=\u0007\u001b[2J\u009b1mdone\u0008\u0000')).toBe('red done');
  expect(printable('a\u202eb\u2066c')).toBe('abc');
  expect(printable('a\tb')).toBe('a    b');
});

it('leaves other languages and pictures alone', () => {
  expect(printable('Größe 大小 🐧')).toBe('Größe 大小 🐧');
});

it('shows of a line that was written over only its last state', () => {
  expect(printableLines(' 10 %\r 50 %\r100 %\r\nnext\n')).toEqual(['100 %', 'next']);
});

it('keeps empty lines between others', () => {
  expect(printableLines('a\n\nb')).toEqual(['a', '', 'b']);
});

it('cuts what is too long and says so', () => {
  expect(fit('abcdef', 6)).toBe('abcdef');
  expect(fit('abcdef', 4)).toBe('abc…');
});
