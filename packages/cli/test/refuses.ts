import { expect } from 'vitest';
import { CommandLine, projects } from './command-line.js';

export const broken = `${projects}broken/`;

/** Wrong use: exit code 2, one message on stderr without a stack, and nothing started or left. */
export async function refuses(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  await turn();
  try {
    return await refused(args, env);
  } finally {
    endTurn();
  }
}

async function refused(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  await using commandLine = await CommandLine.open();
  await commandLine.write('not-yaml.yaml', 'steps: [ { uses: ./a.ts\n');
  const { code, stdout, stderr } = await commandLine.run(args, { env });
  expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' });
  expect(stderr).not.toMatch(/^\s+at .*:\d+/m);
  expect(await commandLine.files()).toEqual(['not-yaml.yaml']);
  expect(await commandLine.leftProcesses()).toEqual([]);
  return stderr.replaceAll(broken, '');
}

/** Each case costs the start of a process: two at a time are as fast as the machine is, more would only slow each other. */
const MOST_AT_ONCE = 2;
const waiting: (() => void)[] = [];
let running = 0;

async function turn(): Promise<void> {
  if (running < MOST_AT_ONCE) running += 1;
  else await new Promise<void>((resolve) => waiting.push(resolve));
}

/** Hands the turn on to who waits longest. */
function endTurn(): void {
  const next = waiting.shift();
  if (next === undefined) running -= 1;
  else next();
}
