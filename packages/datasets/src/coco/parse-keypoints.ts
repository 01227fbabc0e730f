import { asList, asNumbers } from '../dm/json-fields.js';
import type { Keypoint } from '../model/annotated-picture.js';

/**
 * Points as COCO lists them, three numbers for each. None when none is labeled: so COCO says that somebody has not looked.
 *
 * @param names of the category's points; they count when there are as many
 */
export function parseKeypoints(
  value: unknown,
  names: readonly string[] | undefined,
): Keypoint[] | 'broken' | undefined {
  const list = asList(value);
  if (list.length === 0) return undefined;
  const numbers = asNumbers(list);
  if (numbers === undefined || numbers.length % 3 !== 0) return 'broken';
  const isNamed = names?.length === numbers.length / 3;
  const points: Keypoint[] = [];
  for (let index = 0; index < numbers.length; index += 3) {
    const name = isNamed ? names[index / 3] : undefined;
    points.push({ ...pointAt(numbers, index), ...(name !== undefined && { name }) });
  }
  return points.some(({ visible }) => visible !== 0) ? points : undefined;
}

function pointAt(numbers: readonly number[], index: number): Keypoint {
  const [x = 0, y = 0, visible = 0] = numbers.slice(index, index + 3);
  return { x, y, visible: visible === 0 || visible === 1 ? visible : 2 };
}
