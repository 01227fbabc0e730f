import { Orchestrator, RuntimeContext, StepFailedError, type RunReport } from '@synapse-steps/core';
import { exitCodeOf } from '../exit-codes.js';
import { Output } from '../output/output.js';
import { sayEnvironment } from '../run/say-environment.js';
import { ExitGuard } from '../run/exit-guard.js';
import { InterruptLadder } from '../run/interrupt-ladder.js';
import { lendBackend, type LendBackendOptions } from '../run/lend-backend.js';
import { loadTarget, type Loaded } from '../run/load-target.js';
import { readParams, type ParamOptions } from '../run/read-params.js';
import { makeRecordFile } from '../run/record-file.js';
import { resultOf } from '../run/result-of.js';
import { RunState } from '../run/run-state.js';
import { strayMessage } from '../run/stray-error.js';
import { StrayErrors } from '../run/stray-errors.js';
import { UsageError } from '../usage-error.js';
import { createView, type ViewOptions } from '../views/create-view.js';
import type { RunOutcome, View } from '../views/view.js';

export interface RunCommandOptions extends ParamOptions, ViewOptions, Omit<LendBackendOptions, 'onProblem'> {
  readonly runId?: string;
  readonly debug?: boolean;
  readonly record?: string;
}

/** `synapse-steps run`: loads a workflow, runs it before the user's eyes, and tells by its exit code how that ended. */
export async function runCommand(target: string, options: RunCommandOptions): Promise<number> {
  checkRunId(options.runId);
  const output = new Output();
  if (options.json) output.keepStdout();
  // What plugins print while they start is shown once they have: the error of one that has not holds its last lines.
  const early: string[] = [];
  let say = (text: string): void => void early.push(text);
  const params = await readParams(options);
  await using backend = await lendBackend({ ...options, onProblem: (text) => say(text) });
  const workflow = await loadTarget(target, {
    params,
    runtimeContext: new RuntimeContext({ ...(backend.client && { client: backend.client }) }),
    debug: options.debug ?? false,
    record: await makeRecordFile(options.record),
    onPluginLog: ({ plugin, message }) => say(`${plugin} | ${message}`),
    // at once: an installation can take minutes, and the error of one that fails holds its last lines only
    onPluginEnvironment: options.quiet ? () => {} : (progress) => sayEnvironment(output, progress),
  });
  for (const warning of workflow.warnings) output.problem(`${target}: ${warning}`);
  try {
    const view = await createView(options, output);
    say = (text) => view.say(text);
    early.forEach(say);
    return await runWorkflow(workflow, options, view);
  } finally {
    await workflow.close();
  }
}

async function runWorkflow(workflow: Loaded, options: RunCommandOptions, view: View): Promise<number> {
  const orchestrator = makeOrchestrator(workflow, options);
  const state = new RunState();
  const say = (text: string): void => view.say(text);
  const strayErrors = new StrayErrors({ orchestrator, state, say });
  const guard = new ExitGuard(state, say);
  const exit = (code: number): never => {
    guard.runEnded(code); // it is over because a person wants that, who is told already
    process.exit(code);
  };
  const ladder = new InterruptLadder({ orchestrator, state, say, exit });
  try {
    const outcome = await watch(orchestrator, { state, view, workflow });
    view.end(outcome);
    const code = exitCodeOf(outcome.report, outcome.failure);
    guard.runEnded(code);
    return code;
  } finally {
    await workflow.close(); // while Ctrl-C is still minded
    ladder.stop();
    strayErrors.stop();
    guard.stop();
  }
}

function checkRunId(runId: string | undefined): void {
  if (runId === undefined || /^[\w.:-]{1,200}$/.test(runId)) return;
  throw new UsageError(
    `--run-id '${runId}' is not possible. Use letters, digits, '.', '-', '_' and ':', at most 200 of them.`,
  );
}

function makeOrchestrator(workflow: Loaded, { runId, debug }: RunCommandOptions): Orchestrator {
  return new Orchestrator(workflow.registry, workflow.context, {
    workflow: workflow.name,
    ...(runId !== undefined && { runId }),
    ...(debug && { graceMs: LONGEST_MS, undo: { timeoutMs: LONGEST_MS } }),
  });
}

/** The longest time that a timer of Node can wait for: three weeks. */
const LONGEST_MS = 2 ** 31 - 1;

interface Watched {
  readonly state: RunState;
  readonly view: View;
  readonly workflow: Loaded;
}

async function watch(orchestrator: Orchestrator, { state, view, workflow }: Watched): Promise<RunOutcome> {
  orchestrator.events.subscribe((event) => {
    state.apply(event);
    view.onEvent(event, state);
  });
  const undoDataOf = state.effects.undoDataOf.bind(state.effects);
  try {
    const report = await orchestrator.execute();
    return { report, undoDataOf, ...(await resultOf(workflow, report, (text) => view.say(text))) };
  } catch (error) {
    if (!StepFailedError.is(error)) throw error;
    const report = error.report satisfies RunReport;
    return { report, failure: strayMessage(report) ?? error.message, undoDataOf };
  }
}
