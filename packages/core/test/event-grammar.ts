import type { RunEvent } from '../src/index.js';

type RunState = 'before' | 'running' | 'rolling-back' | 'rolled-back' | 'over';
type StepState = 'idle' | 'running' | 'ended' | 'undoing';

interface Move<State> {
  readonly from: readonly State[];
  readonly to?: State;
}

const ALIVE: readonly RunState[] = ['running', 'rolling-back', 'rolled-back'];

const RUN_MOVES: Record<Exclude<RunEvent, { step: string }>['type'], Move<RunState>> = {
  'run-start': { from: ['before'], to: 'running' },
  'run-resume': { from: [...ALIVE, 'over'], to: 'running' },
  'run-progress': { from: ['running'] },
  'run-cancel': { from: ALIVE },
  'observer-error': { from: ALIVE },
  'rollback-start': { from: ['running'], to: 'rolling-back' },
  'rollback-end': { from: ['rolling-back'], to: 'rolled-back' },
  'run-end': { from: ALIVE, to: 'over' },
};

const ANY: readonly StepState[] = ['idle', 'running', 'ended', 'undoing'];

const STEP_MOVES: Record<Extract<RunEvent, { step: string }>['type'], Move<StepState>> = {
  'step-start': { from: ['idle', 'running', 'ended'], to: 'running' },
  'step-skip': { from: ['idle', 'running', 'ended'], to: 'ended' },
  'step-end': { from: ['running'], to: 'ended' },
  'step-retry': { from: ['running'] },
  'undo-start': { from: ['idle', 'running', 'ended'], to: 'undoing' },
  'undo-end': { from: ['undoing'], to: 'ended' },
  'step-progress': { from: ANY },
  'step-metric': { from: ANY },
  'step-log': { from: ANY },
  'undo-saved': { from: ['running'] },
  'context-change': { from: ANY },
};

interface State {
  run: RunState;
  seq: number;
  percent: number;
  readonly steps: Map<string, StepState>;
}

/**
 * The grammar of a run's events as a small state machine; throws at the first event that has no place where it stands.
 * Pass the events that came before when a run was resumed.
 */
export function checkGrammar(events: readonly RunEvent[], history: readonly RunEvent[] = []): void {
  const state: State = { run: 'before', seq: 0, percent: 0, steps: new Map() };
  for (const event of [...history, ...events]) {
    if (event.seq !== state.seq + 1) fail(event, `seq ${event.seq} after ${state.seq}`);
    state.seq = event.seq;
    if ('step' in event) moveStep(state, event);
    else moveRun(state, event);
  }
}

function moveRun(state: State, event: Exclude<RunEvent, { step: string }>): void {
  const { from, to = state.run } = RUN_MOVES[event.type];
  if (!from.includes(state.run)) fail(event, `the run is ${state.run}`);
  if (event.type === 'run-end' && state.run === 'rolling-back' && event.report.status !== 'interrupted') {
    fail(event, 'the rollback has not ended');
  }
  if (event.type === 'run-progress') checkProgress(state, event);
  if (event.type === 'run-resume') forgetHost(state);
  state.run = to;
}

function checkProgress(state: State, event: Extract<RunEvent, { type: 'run-progress' }>): void {
  if (event.percent < state.percent) fail(event, `progress was ${state.percent} already`);
  state.percent = event.percent;
}

/** The host before this one died, perhaps in the middle of an undo; progress may begin lower. */
function forgetHost(state: State): void {
  state.percent = 0;
  for (const [path, at] of state.steps) if (at === 'undoing') state.steps.set(path, 'ended');
}

function moveStep(state: State, event: Extract<RunEvent, { step: string }>): void {
  if (!ALIVE.includes(state.run)) fail(event, `the run is ${state.run}`);
  if (event.type === 'step-start' && state.run !== 'running') fail(event, `the run is ${state.run}`);
  const at = state.steps.get(event.step) ?? 'idle';
  const { from, to = at } = moveOf(event);
  if (!from.includes(at)) fail(event, `the step is ${at}`);
  // An undo between two attempts goes back into the step that is around it.
  state.steps.set(event.step, event.type === 'undo-end' && state.run === 'running' ? 'running' : to);
}

function moveOf(event: Extract<RunEvent, { step: string }>): Move<StepState> {
  // Without a start: `canSkip` failed. Without a call: there was nothing to call.
  if (event.type === 'step-end' && event.durationMs === 0 && event.status === 'failed')
    return { from: ANY, to: 'ended' };
  if (event.type === 'undo-end' && event.undoAttempt === 0) return { from: ANY, to: 'ended' };
  return STEP_MOVES[event.type];
}

function fail(event: RunEvent, problem: string): never {
  throw new Error(`${event.type} has no place here: ${problem}. ${JSON.stringify(event)}`);
}
