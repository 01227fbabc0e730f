import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goldenBytes, goldenFile } from '../../test/golden-frames.js';
import { FrameReader } from './frame-reader.js';

describe('FrameReader', () => {
  it.each(goldenFile('host-frames/recovery.json'))('F-2, F-18: $title', (entry) => {
    const read = readAll([goldenBytes(entry), Buffer.from('\n')]);
    expect(read.frames).toEqual(entry.value === undefined ? [] : [entry.value]);
    expect(read.stray).toEqual(entry.stray === undefined ? [] : [entry.stray]);
  });

  it('F-16: an invalid UTF-8 line is stray and the next frame is read', () => {
    const read = readAll([Buffer.from([0xff, 0xfe, 0x0a]), frameBytes(1)]);
    expect(read.problems).toEqual(['utf8']);
    expect(read.frames).toEqual([frame(1)]);
  });

  it('F-15: 500 frames in one chunk arrive as 500 frames', () => {
    const read = readAll([Buffer.concat(Array.from({ length: 500 }, (_, index) => frameBytes(index + 1)))]);
    expect(read.frames).toEqual(Array.from({ length: 500 }, (_, index) => frame(index + 1)));
  });

  it('F-15: the same frames come out however the bytes are cut', () => {
    const bytes = Buffer.concat([
      frameBytes(1),
      Buffer.from('h\u00e9llo \u20ac\r\n\n'),
      frameBytes(2),
      Buffer.from('x'),
      frameBytes(3),
    ]);
    const whole = readAll([bytes]);
    expect(whole.frames).toEqual([frame(1), frame(2), frame(3)]);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: bytes.length })), (cuts) => {
        expect(readAll(cutAt(bytes, cuts))).toEqual(whole);
      }),
    );
    expect(readAll([...bytes].map((byte) => Buffer.from([byte])))).toEqual(whole);
  });

  it.each([
    [0, 1, 0],
    [1, 0, 1],
  ])('F-14: a frame %i bytes over the limit gives %i frames and %i complaints', (over, frames, tooLarge) => {
    const limit = 64 * 1024;
    const line = sizedFrame(limit + over);
    expect(line.length).toBe(limit + over);
    const read = readAll([line, Buffer.from('\n'), frameBytes(2)], limit);
    expect(read.frames).toHaveLength(frames + 1);
    expect(read.tooLarge).toHaveLength(tooLarge);
  });

  it('F-13: a flood without a line feed is thrown away as it comes, and the stream lives on', () => {
    const flood = Buffer.alloc(64 * 1024, 0x78);
    const read = readAll([...Array.from({ length: 160 }, () => flood), Buffer.from('\n'), frameBytes(1)], 1024 * 1024);
    expect(read.tooLarge).toEqual(['x'.repeat(1024)]);
    expect(read.frames).toEqual([frame(1)]);
    expect(read.rest).toBe('');
  });

  it('F-22: a frame cut short at the end of the stream is what is left', () => {
    const read = readAll([frameBytes(1), frameBytes(2).subarray(0, 20)]);
    expect(read.frames).toEqual([frame(1)]);
    expect(read.rest).toBe(JSON.stringify(frame(2)).slice(0, 20));
  });
});

function frame(id: number) {
  return { jsonrpc: '2.0', id, result: { text: 'é€🐧' } };
}

function frameBytes(id: number): Buffer {
  return Buffer.from(`${JSON.stringify(frame(id))}\n`);
}

function sizedFrame(bytes: number): Buffer {
  const empty = JSON.stringify({ jsonrpc: '2.0', id: 1, result: { a: '' } });
  return Buffer.from(empty.replace('""', `"${'x'.repeat(bytes - empty.length)}"`));
}

function cutAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.toSorted((one, other) => one - other), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

function readAll(chunks: readonly Buffer[], maxFrameBytes = 8 * 1024 * 1024) {
  const read = { frames: [] as unknown[], stray: [] as string[], problems: [] as string[], tooLarge: [] as string[] };
  const reader = new FrameReader(
    {
      onFrame: (parsed) => void read.frames.push(parsed.value),
      onStray: (text, problem) => {
        read.stray.push(text.toString());
        read.problems.push(problem);
      },
      onTooLarge: (beginning) => void read.tooLarge.push(beginning.toString()),
    },
    { maxDepth: 64, maxFrameBytes },
  );
  for (const chunk of chunks) reader.push(chunk);
  return { ...read, rest: reader.rest().toString() };
}
