import { describe, expect, it } from 'vitest';
import { TextLines } from '../process/text-lines.js';
import { findSecretBytes, redactFields, redactSecrets } from './redact-secrets.js';

const CUT = 16 * 1024;

describe('redactSecrets', () => {
  it.each([
    ['with a quote and a backslash', 'pa"ss\\word/1'],
    ['beyond ASCII', 'pässwörd-🔑'],
    ['of several lines', 'first "line"\nsecond'],
  ])('hides a value %s also where it is written as JSON', (_title, value) => {
    const redact = redactSecrets({ TOKEN: value });
    const json = JSON.stringify({ token: value });
    const ascii = json.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
    expect(redact(value)).toBe('[secret TOKEN]');
    expect(redact(json)).toBe('{"token":"[secret TOKEN]"}');
    expect(redact(ascii.replace('\\u00e4', '\\u00E4'))).toBe('{"token":"[secret TOKEN]"}');
  });

  it('hides each line of a value of several lines in JSON, too', () => {
    expect(redactSecrets({ KEY: 'a "b" c\nsecond' })('"say a \\"b\\" c"')).toBe('"say [secret KEY]"');
  });

  it('leaves the names and words of the protocol alone, and numbers', () => {
    const redact = redactSecrets({ WORD: 'info', NAME: 'message', PIN: '4711' });
    const log = { level: 'info', message: 'an info', data: { message: 4711 } };
    expect(redactFields(log, new Set(['message', 'data']), redact)).toEqual({
      level: 'info',
      message: 'an [secret WORD]',
      data: { '[secret NAME]': 4711 },
    });
  });
});

describe('a long line that is cut', () => {
  const secrets = { TOKEN: 'SUPER"SECRET-ä', OTHER: 'ä-and-more' };
  const redact = redactSecrets(secrets);

  it.each([
    ['as it is', secrets.TOKEN],
    ['as JSON', JSON.stringify(secrets.TOKEN).slice(1, -1)],
    ['as ASCII', 'SUPER\\"SECRET-\\u00e4'],
    ['overlapping with another one', 'SUPER"SECRET-ä-and-more'],
  ])(
    'is not cut inside of a secret that is written %s, wherever that stands and in whatever pieces it comes',
    (_title, written) => {
      for (let before = 1; before <= written.length + 2; before += 3) {
        const line = `${'x'.repeat(CUT - before)}${written}${'y'.repeat(CUT)}`;
        for (const size of [1000, CUT + before, 3 * CUT]) {
          const text = new TextLines(findSecretBytes(secrets));
          const pieces = [...chunksOf(Buffer.from(`${line}\n`), size)].flatMap((chunk) => text.push(chunk));
          expect(pieces.join('')).toBe(line);
          expect(pieces.length).toBeGreaterThan(1);
          expect(pieces.map(redact).join(''), `${before} before the cut`).not.toMatch(/SUPER|SECRET|more/);
        }
      }
    },
  );

  it('has a piece of its own for a secret that is longer than a piece', () => {
    const key = 'k'.repeat(CUT + 10);
    const text = new TextLines(findSecretBytes({ KEY: key }));
    const pieces = text.push(Buffer.from(`ab${key}${'y'.repeat(CUT)}\n`));
    expect(pieces.slice(0, 2)).toEqual(['ab', key]);
  });
});

function* chunksOf(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
