import { describe, expect, it } from 'vitest';
import { CommandLine } from './command-line.js';

/** A run of two steps: the first saves undo data and completes, the second is `execute`. */
async function runWith(execute: string, args: readonly string[] = []) {
  await using commandLine = await CommandLine.open();
  await commandLine.write(
    'flow.yaml',
    'name: flow\nsteps: [{ uses: ./steps.mjs#first }, { uses: ./steps.mjs#second }]\n',
  );
  await commandLine.write('steps.mjs', STEPS.replace('EXECUTE', execute));
  const finished = await commandLine.run(['run', 'flow.yaml', ...args]);
  return { ...finished, left: await commandLine.leftProcesses() };
}

describe('a process that ends before its run', () => {
  it.each(['process.exit(0)', 'process.exit(1)'])(
    'exits with 3 and says what is left, after %s in a step',
    async (exit) => {
      const { code, stdout, stderr, left } = await runWith(exit);
      expect(code).toBe(3);
      expect(stdout).not.toMatch(/succeeded/);
      expect(stderr).toBe(
        "This process ended before its run did, while step 'second' was running: something in it called process.exit().\n" +
          'Nothing was undone.\n' +
          '  second  started, had saved no undo data\n' +
          '  first   done, undo data: {"path":"effect"}\n' +
          'Undo that by hand: nothing does it later. In a step, throw or return StepResult.fail(…) instead of ending the process; the run is undone then.\n',
      );
      expect(left).toEqual([]);
    },
  );

  it('tells of a step that waits for what can never happen', async () => {
    const { code, stderr } = await runWith('await new Promise(() => {})', ['--json']);
    expect(code).toBe(3);
    expect(stderr).toMatch(/while step 'second' was running: it waits for something that can no longer happen/);
  });

  it('exits with 2 when a step file ends the process while it is loaded', async () => {
    await using commandLine = await CommandLine.open();
    await commandLine.write('flow.yaml', 'steps: [{ uses: ./ends.mjs }]\n');
    await commandLine.write('ends.mjs', 'process.exit(0);\n');
    const { code, stdout, stderr } = await commandLine.run(['run', 'flow.yaml']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^This process ended while the workflow was being loaded: .*nothing was started\./);
  });
});

const STEPS = `import { defineStep, StepResult } from '@synapse-steps/core';

export const first = defineStep({
  name: 'first',
  async execute(context) {
    await context.saveUndo({ path: 'effect' });
    return StepResult.ok();
  },
  rollback() {},
});

export const second = defineStep({
  name: 'second',
  async execute() {
    EXECUTE;
    return StepResult.ok();
  },
  rollback() {},
});
`;
