import { describe, expect, it } from 'vitest';

import { maskOutlines } from './mask-outlines.js';

/** Drawings with the outlines that OpenCV finds (RETR_EXTERNAL, CHAIN_APPROX_SIMPLE), each begun at its least point. */
const drawings: readonly (readonly [string, readonly string[], readonly (readonly number[][])[], boolean])[] = [
  [
    'a rectangle',
    ['......', '.####.', '.####.', '.####.', '......'],
    [
      [
        [1, 1],
        [1, 3],
        [4, 3],
        [4, 1],
      ],
    ],
    false,
  ],
  [
    'areas that touch at a corner, and single pixels',
    ['##....#', '##....#', '..##...', '..##..#'],
    [
      [
        [0, 0],
        [0, 1],
        [1, 1],
        [2, 2],
        [2, 3],
        [3, 3],
        [3, 2],
        [2, 2],
        [1, 1],
        [1, 0],
      ],
    ],
    false,
  ],
  [
    'a ring with an area inside',
    ['#######', '#.....#', '#..##.#', '#..##.#', '#.....#', '#######'],
    [
      [
        [0, 0],
        [0, 5],
        [6, 5],
        [6, 0],
      ],
    ],
    true,
  ],
  [
    'a slope',
    ['#....', '##...', '###..', '####.'],
    [
      [
        [0, 0],
        [0, 3],
        [3, 3],
      ],
    ],
    false,
  ],
  ['a line, which has none', ['......', '.####.', '......'], [], false],
  [
    'a cross',
    ['..#..', '..#..', '#####', '..#..', '..#..'],
    [
      [
        [0, 2],
        [1, 2],
        [2, 1],
        [2, 0],
        [2, 1],
        [3, 2],
        [4, 2],
        [3, 2],
        [2, 3],
        [2, 4],
        [2, 3],
        [1, 2],
      ],
    ],
    false,
  ],
  ['a single pixel, which has none', ['...', '.#.', '...'], [], false],
  [
    'thin parts that are passed twice',
    ['#...#', '.###.', '..#..', '..#..'],
    [
      [
        [0, 0],
        [1, 1],
        [3, 1],
        [4, 0],
        [2, 2],
        [2, 3],
        [2, 2],
      ],
    ],
    false,
  ],
  [
    'a full picture',
    ['###', '###'],
    [
      [
        [0, 0],
        [0, 1],
        [2, 1],
        [2, 0],
      ],
    ],
    false,
  ],
  ['nothing', ['...', '...'], [], false],
];

describe('maskOutlines', () => {
  it.each(drawings.map(([what, rows, ...expected]) => ({ what, rows, expected })))(
    'finds the outlines of $what',
    (drawing) => {
      const { rows, expected } = drawing;
      const [rings, hasHoles] = expected;
      const found = maskOutlines({ kind: 'mask', className: 'sky', ...runsOf(rows) });
      expect(found.rings.map((ring) => ring.map(({ x, y }) => [x, y]))).toEqual(rings);
      expect(found.hasHoles).toBe(hasHoles);
    },
  );

  it('follows a large mask', () => {
    const [width, height] = [2000, 1500];
    const runs = Array.from({ length: width }, (_, x) => [x === 0 ? 100 : 200, height - 200]).flat();
    const { rings } = maskOutlines({ kind: 'mask', className: 'sky', size: { width, height }, runs });
    expect(rings).toEqual([
      [
        { x: 0, y: 100 },
        { x: 0, y: 1399 },
        { x: 1999, y: 1399 },
        { x: 1999, y: 100 },
      ],
    ]);
  });
});

/** Column by column, from a drawing row by row. */
function runsOf(rows: readonly string[]): { size: { width: number; height: number }; runs: number[] } {
  const [width, height] = [rows[0]?.length ?? 0, rows.length];
  const runs = [0];
  for (let x = 0; x < width; x += 1) {
    for (const row of rows) {
      if ((row[x] === '#') !== (runs.length % 2 === 0)) runs.push(0);
      runs[runs.length - 1] = (runs.at(-1) ?? 0) + 1;
    }
  }
  return { size: { width, height }, runs };
}
