import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const exampleFolder = fileURLToPath(new URL('..', import.meta.url));
const program = fileURLToPath(import.meta.resolve('@synapse-steps/cli/bin/synapse-steps.js'));

/** The exit code of a run that Ctrl-C has cancelled; the command has undone it and said so. */
export const interrupted = 130;

export type RunWorkflow = (workflow: string, params: Readonly<Record<string, string>>) => Promise<number>;

/** Runs `synapse-steps run` on this terminal, in the example's folder. Resolves to its exit code. */
export const runWorkflow: RunWorkflow = async (workflow, params) => {
  const args = ['run', workflow, ...Object.entries(params).flatMap(([name, value]) => ['--param', `${name}=${value}`])];
  console.log(`$ synapse-steps ${args.join(' ')}\n`);
  const child = spawn(process.execPath, [program, ...args], { cwd: exampleFolder, stdio: 'inherit' });
  const leaveToChild = () => undefined; // Ctrl-C reaches the command too; it undoes, and this program waits for it
  process.on('SIGINT', leaveToChild);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return code ?? interrupted;
  } finally {
    process.off('SIGINT', leaveToChild);
  }
};
