import type { Box, Point } from '../model/annotated-picture.js';

export function isFiniteBox({ x, y, width, height }: Box): boolean {
  return [x, y, width, height].every(Number.isFinite) && width > 0 && height > 0;
}

/** The smallest upright box around points. */
export function boundsOf(points: readonly Point[]): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Of the outline through these points; 0 when it has none, or numbers are missing. */
export function ringArea(ring: readonly Point[]): number {
  let doubled = 0;
  for (const [index, { x, y }] of ring.entries()) {
    const before = ring.at(index - 1);
    if (before !== undefined) doubled += before.x * y - x * before.y;
  }
  return ring.length >= 3 && Number.isFinite(doubled) ? Math.abs(doubled) / 2 : 0;
}
