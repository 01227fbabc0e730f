import type { MaskAnnotation } from '../model/annotated-picture.js';

/** The part of a mask in which anything is, row by row, with a frame of nothing around it. */
export interface Crop {
  /** 1 where the mask is. */
  readonly pixels: Uint8Array;
  readonly width: number;
  /** What to add for a place in the picture. */
  readonly left: number;
  readonly top: number;
}

/** None when nothing is in the mask. */
export function cropMask(mask: MaskAnnotation): Crop | undefined {
  const bounds = boundsOf(mask);
  if (bounds === undefined) return undefined;
  const width = bounds.right - bounds.left + 3;
  const crop = {
    pixels: new Uint8Array(width * (bounds.bottom - bounds.top + 3)),
    width,
    left: bounds.left - 1,
    top: bounds.top - 1,
  };
  for (const stripe of stripesOf(mask)) {
    for (let y = stripe.top; y <= stripe.bottom; y += 1) crop.pixels[(y - crop.top) * width + stripe.x - crop.left] = 1;
  }
  return crop;
}

interface Stripe {
  readonly x: number;
  readonly top: number;
  /** The last one inside. */
  readonly bottom: number;
}

function boundsOf(mask: MaskAnnotation): { left: number; top: number; right: number; bottom: number } | undefined {
  let bounds: ReturnType<typeof boundsOf>;
  for (const { x, top, bottom } of stripesOf(mask)) {
    bounds ??= { left: x, top, right: x, bottom };
    bounds.left = Math.min(bounds.left, x);
    bounds.right = Math.max(bounds.right, x);
    bounds.top = Math.min(bounds.top, top);
    bounds.bottom = Math.max(bounds.bottom, bottom);
  }
  return bounds;
}

/** A run goes down a column and on at the top of the next one. */
function* stripesOf({ runs, size: { width, height } }: MaskAnnotation): Generator<Stripe> {
  let at = 0;
  for (const [index, length] of runs.entries()) {
    const end = Math.min(at + length, width * height);
    while (index % 2 === 1 && at < end) {
      const x = Math.floor(at / height);
      const columnEnd = Math.min(end, (x + 1) * height);
      yield { x, top: at - x * height, bottom: columnEnd - 1 - x * height };
      at = columnEnd;
    }
    at = end;
  }
}
