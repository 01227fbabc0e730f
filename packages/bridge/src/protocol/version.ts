/** The versions of the step protocol that this package speaks, lowest first. */
export const PROTOCOL_VERSIONS: readonly number[] = [1];

/** The highest version that both sides know, or `undefined` when there is none. */
export function highestCommonVersion(
  offered: readonly number[],
  supported: readonly number[] = PROTOCOL_VERSIONS,
): number | undefined {
  const common = supported.filter((version) => offered.includes(version));
  return common.length === 0 ? undefined : Math.max(...common);
}
