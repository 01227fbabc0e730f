import { stat } from 'node:fs/promises';
import { UsageError } from '../usage-error.js';

/** Whether TARGET is a workflow file; actions come later. @throws UsageError that says what to give instead. */
export async function checkTarget(target: string): Promise<void> {
  if (target.includes('#') && !(await isFile(target))) {
    throw new UsageError(
      `${target}: actions cannot be run by this version. Give a workflow file, such as workflow.yaml.`,
    );
  }
  if (/\.[cm]?[jt]sx?$|\.py$/.test(target)) {
    throw new UsageError(
      `${target}: this is a program, not a workflow file. Name its steps in a workflow file (steps: [{ uses: … }]) and give that.`,
    );
  }
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}
