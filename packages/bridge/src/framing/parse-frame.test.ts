import { describe, expect, it } from 'vitest';
import { goldenBytes, goldenFile, goldenFolder } from '../../test/golden-frames.js';
import { parseFrame } from './parse-frame.js';

const options = { maxDepth: 64 };

describe('parseFrame on the golden frames', () => {
  it.each(goldenFolder('frames'))('$title', (entry) => {
    const parsed = parseFrame(goldenBytes(entry), options);
    if (entry.valid) {
      expect(parsed).toMatchObject({ ok: true, frame: { kind: entry.kind } });
      expect(JSON.stringify(parsed.ok && parsed.value)).toBe(JSON.stringify(entry.value));
    } else {
      expect(parsed).toEqual({ ok: false, problem: entry.kind });
    }
  });

  it.each(goldenFile('strict-frames/duplicate-keys.json'))('strict: $title', (entry) => {
    const parsed = parseFrame(goldenBytes(entry), { ...options, strict: true });
    expect(parsed.ok).toBe(entry.valid);
    expect(parsed.ok ? undefined : parsed.problem).toBe(entry.valid ? undefined : entry.kind);
  });

  it('F-20: a frame nested 100,000 levels deep is refused, not crashed on', () => {
    const deep = `{"jsonrpc":"2.0","id":1,"result":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`;
    expect(parseFrame(Buffer.from(deep), options)).toEqual({ ok: false, problem: 'depth' });
  });
});
