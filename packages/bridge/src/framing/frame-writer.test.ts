import { PassThrough, Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame, FrameEncodeError } from './encode-frame.js';
import { FrameWriter, QueueFullError } from './frame-writer.js';
import { parseFrame } from './parse-frame.js';
import { wellFormedText } from './parse-json-text.js';

const limits = { maxFrameBytes: 64 * 1024, maxDepth: 64, maxQueuedBytes: 100_000 };

describe('encodeFrame', () => {
  it('writes ASCII only, and one line feed at the end', () => {
    const bytes = Buffer.from(encodeFrame(note({ text: 'é€🐧\u2028\u007f\n' }), limits));
    expect([...bytes].every((byte) => byte < 0x7f)).toBe(true);
    expect(bytes.indexOf(0x0a)).toBe(bytes.length - 1);
  });

  it('F-18: any text arrives as it was, lone surrogates as U+FFFD', () => {
    const anyText = fc.array(fc.nat({ max: 0xffff })).map((units) => String.fromCharCode(...units));
    fc.assert(
      fc.property(fc.oneof(anyText, fc.string({ unit: 'binary' }), fc.constant('\\ud800 \\\ud800')), (text) => {
        const parsed = parseFrame(Buffer.from(encodeFrame(note({ text }), limits).slice(0, -1)), limits);
        expect(parsed.ok && parsed.value).toEqual(note({ text: wellFormedText(text) }));
      }),
    );
  });

  it.each([
    ['too_large', { text: 'x'.repeat(64 * 1024) }],
    ['depth', { value: JSON.parse(`${'['.repeat(63)}${']'.repeat(63)}`) as unknown }],
    ['not_json', { value: 1n }],
  ])('F-20: refuses a message that is %s', (problem, params) => {
    expect(() => encodeFrame(note(params), limits)).toThrowError(
      expect.objectContaining({ name: FrameEncodeError.name, problem }) as Error,
    );
  });
});

it('F-17: a number beyond ±(2^53−1) is written as the float that it is', () => {
  const values = [2 ** 53, -(2 ** 60), 1e20, 123456789012345680000, 9007199254740991, 1e300, '9007199254740993'];
  const line = encodeFrame(note({ text: '"1234567890123456789\\', values }), limits);
  expect(line).toContain(
    '[9.007199254740992e+15,-1.152921504606847e+18,1e+20,1.2345678901234568e+20,9007199254740991,',
  );
  expect(JSON.parse(line)).toMatchObject({ params: { values } });
});

describe('FrameWriter', () => {
  it('refuses a frame when too much waits, before a byte of it is written', () => {
    const writer = new FrameWriter(stuckStream(), limits);
    writer.write(note({ text: 'x'.repeat(60_000) }));
    expect(() => writer.write(note({ text: 'x'.repeat(60_000) }))).toThrow(QueueFullError);
  });

  it('tells why a frame was not taken', async () => {
    const stream = new PassThrough();
    stream.on('error', () => undefined);
    stream.destroy();
    const error = await new Promise((resolve) => new FrameWriter(stream, limits).write(note({}), resolve));
    expect(error).toMatchObject({ code: 'ERR_STREAM_DESTROYED' });
  });
});

function note(params: Record<string, unknown>) {
  return { jsonrpc: '2.0', method: 'test', params };
}

function stuckStream(): Writable {
  return new Writable({ write: () => undefined });
}
