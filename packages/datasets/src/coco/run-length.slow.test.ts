import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { coversExactly, maskExtent, packRuns, unpackRuns } from './run-length.js';

describe('run lengths', () => {
  it('are packed as the tools of COCO pack them', () => {
    const runs = [32, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 113];
    expect(packRuns(runs)).toBe('P155000000000\\3');
    expect(unpackRuns('P155000000000\\3')).toEqual(runs);
    expect(maskExtent(runs, { width: 20, height: 10 })).toEqual({ area: 30, box: { x: 3, y: 2, width: 6, height: 5 } });
  });

  it('come back from their text', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 2 ** 30 })), (runs) => {
        expect(unpackRuns(packRuns(runs))).toEqual(runs);
      }),
    );
  });

  it.each(['\u0010', 'P', 'a b', '~~~~~~~~~~~'])('are not in %j', (text) => {
    expect(unpackRuns(text)).toBeUndefined();
  });

  it('have the extent of their pixels', () => {
    const pixels = fc.nat({ max: 8 }).chain((width) =>
      fc.nat({ max: 8 }).chain((height) =>
        fc.record({
          size: fc.constant({ width: width + 1, height: height + 1 }),
          inside: fc.array(fc.boolean(), {
            minLength: (width + 1) * (height + 1),
            maxLength: (width + 1) * (height + 1),
          }),
        }),
      ),
    );
    fc.assert(
      fc.property(pixels, ({ size, inside }) => {
        const runs = [0];
        for (const [index, pixel] of inside.entries()) {
          if (pixel !== ((runs.length - 1) % 2 === 1)) runs.push(0);
          runs[runs.length - 1] = (runs.at(-1) ?? 0) + 1;
          expect(index).toBeLessThan(size.width * size.height);
        }
        const found = inside.flatMap((pixel, index) =>
          pixel ? [{ x: Math.floor(index / size.height), y: index % size.height }] : [],
        );
        expect(coversExactly(runs, size)).toBe(true);
        const extent = maskExtent(runs, size);
        expect(extent?.area ?? 0).toBe(found.length);
        if (extent === undefined) return;
        const [xs, ys] = [found.map(({ x }) => x), found.map(({ y }) => y)];
        expect(extent.box).toEqual({
          x: Math.min(...xs),
          y: Math.min(...ys),
          width: Math.max(...xs) - Math.min(...xs) + 1,
          height: Math.max(...ys) - Math.min(...ys) + 1,
        });
      }),
    );
  });

  it('that do not add up to the picture are none of it', () => {
    expect(coversExactly([3, 1], { width: 2, height: 2 })).toBe(true);
    expect(coversExactly([3, 2], { width: 2, height: 2 })).toBe(false);
    expect(coversExactly([5, -1], { width: 2, height: 2 })).toBe(false);
    expect(coversExactly([3.5, 0.5], { width: 2, height: 2 })).toBe(false);
  });
});
