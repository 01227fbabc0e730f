import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { UsageError } from '../usage-error.js';

/** What TARGET names: a workflow file, or an export of a file. @throws UsageError that says what to give instead. */
export async function targetKind(target: string): Promise<'workflow' | 'export'> {
  if (target.includes('#') && !(await isFile(target))) return exportKind(target);
  if (target.endsWith('.py')) throw new UsageError(pythonAdvice(target));
  if (!IS_MODULE.test(target)) return 'workflow';
  throw new UsageError(
    `${target}: this is a program, not a workflow file. Say which action or step of it to run, ${target}#NAME, or name its steps in a workflow file (steps: [{ uses: … }]) and give that.`,
  );
}

const IS_MODULE = /\.[cm]?[jt]sx?$/;

function exportKind(target: string): 'export' {
  const mark = target.lastIndexOf('#');
  const path = target.slice(0, mark);
  const name = target.slice(mark + 1);
  if (IS_MODULE.test(path) && name !== '') return 'export';
  if (path.endsWith('.py')) throw new UsageError(pythonAdvice(path));
  throw new UsageError(
    `${target}: this names no action. Give file.ts#NAME, with the name of what the file exports, or a workflow file, such as workflow.yaml. Actions of a plugin folder cannot be run by this version.`,
  );
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
