import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { UsageError } from '../usage-error.js';

/** Whether TARGET is a workflow file; actions come later. @throws UsageError that says what to give instead. */
export async function checkTarget(target: string): Promise<void> {
  if (target.includes('#') && !(await isFile(target))) {
    throw new UsageError(
      `${target}: actions cannot be run by this version. Give a workflow file, such as workflow.yaml.`,
    );
  }
  if (target.endsWith('.py')) throw new UsageError(pythonAdvice(target));
  if (/\.[cm]?[jt]sx?$/.test(target)) {
    throw new UsageError(
      `${target}: this is a program, not a workflow file. Name its steps in a workflow file (steps: [{ uses: … }]) and give that.`,
    );
  }
}

function pythonAdvice(target: string): string {
  const name = basename(target, '.py').replaceAll(/[^\w-]/g, '-');
  return [
    `${target}: this is a Python file, not a workflow file. In a workflow file, make it a plugin and name its steps:`,
    `  plugins: { ${name}: { python: ${target} } }`,
    `  steps: [{ uses: ${name}/STEP }]`,
    `'synapse-steps describe ${target}' shows what it offers.`,
  ].join('\n');
}

/** Whether there is a file of that path. */
export async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}
