/** COCO's RLE: runs of pixels in the order of columns, the first one of pixels outside; as numbers, or as a text. */
export interface RunLength {
  readonly size: readonly [height: number, width: number];
  readonly counts: readonly number[] | string;
}

/** The pixels inside, as places in the order of rows, sorted. */
export function pixelsOf({ size: [height, width], counts }: RunLength): number[] {
  const pixels: number[] = [];
  let place = 0;
  for (const [index, length] of (typeof counts === 'string' ? unpack(counts) : counts).entries()) {
    for (const end = place + length; place < end; place += 1) {
      if (index % 2 === 1) pixels.push((place % height) * width + Math.floor(place / height));
    }
  }
  return pixels.sort((a, b) => a - b);
}

/** Five bits a character, the lowest first; the sixth says that more follow; from the third run on differences to the one before the last. */
function unpack(text: string): number[] {
  const runs: number[] = [];
  for (let at = 0; at < text.length;) {
    let [value, shift, more] = [0, 0, true];
    while (more) {
      const code = text.charCodeAt(at++) - 48;
      value |= (code & 0x1f) << shift;
      more = (code & 0x20) !== 0;
      shift += 5;
      if (!more && (code & 0x10) !== 0) value |= -1 << shift;
    }
    runs.push(runs.length > 2 ? value + (runs[runs.length - 2] ?? 0) : value);
  }
  return runs;
}
