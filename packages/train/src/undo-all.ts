import type { UndoResult } from '@synapse-steps/core';

type Undo = () => UndoResult | void | Promise<UndoResult | void>;

/** Undoes one thing after the other, each also when one before it failed. @throws the first failure, once all were tried */
export async function undoAll(undos: readonly Undo[]): Promise<UndoResult> {
  const leftBehind: string[] = [];
  const failures: unknown[] = [];
  for (const undo of undos) {
    try {
      leftBehind.push(...((await undo())?.leftBehind ?? []));
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return { leftBehind };
}
