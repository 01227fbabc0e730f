/** The points of a person, in the order of COCO. */
export const PERSON_POINTS: readonly string[] = [
  'nose',
  ...sides('eye', 'ear', 'shoulder', 'elbow', 'wrist', 'hip', 'knee', 'ankle'),
];

/** Which point is which in a mirrored picture. */
export const PERSON_FLIP: readonly number[] = [0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15];

function sides(...names: readonly string[]): string[] {
  return names.flatMap((name) => [`left_${name}`, `right_${name}`]);
}
