import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { PythonProject } from './python-packages.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const program = fileURLToPath(new URL('making-host.ts', import.meta.url));

/** The command of a process that prepares the environment of a project. */
export function makingHost(folder: string, cacheFolder: string): string[] {
  const loader = fileURLToPath(import.meta.resolve('tsx'));
  return [process.execPath, '--conditions=@synapse-steps/source', '--import', loader, program, folder, cacheFolder];
}

/** Another process that prepares the environment of a project. */
export function startHost({ folder, cacheFolder }: PythonProject) {
  const [command = '', ...args] = makingHost(folder, cacheFolder);
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  const looks = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    for (const look of looks) look();
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    ended,
    /** The last line that it said. */
    result: ended.then(() => JSON.parse(output.trim().split('\n').at(-1) ?? '') as Record<string, unknown>),
    kill: () => void child.kill('SIGKILL'),
    async says(text: string): Promise<void> {
      await new Promise<void>((resolve) => {
        const look = (): void => void (output.includes(text) && resolve());
        looks.add(look);
        look();
      });
    },
  };
}
