import type { PluginSession } from '../src/index.js';
import type { CallRequest, OngoingCall } from '../src/session/pending-request.js';

/**
 * A plugin for tests of processes: `hold` and `private` (which is exclusive) run until they are let go or cancelled, `deaf`
 * heeds no cancel, `quick` answers at once, `die` ends the process. All of them tell the id of their process.
 */
export function holdingPlugin(capabilities: Record<string, unknown> = {}): string {
  const steps = [
    { name: 'hold', rollback: true },
    { name: 'private', exclusive: true, can_skip: true },
    { name: 'deaf' },
    { name: 'quick' },
    { name: 'die' },
  ];
  return `
    const done = (id) => result(id, { success: true, data: { pid: process.pid } });
    const deaf = new Set();
    plugin(${JSON.stringify(steps)}, {
      can_skip: ({ id }) => result(id, { skip: false, reason: String(process.pid) }),
      rollback: ({ id }) => result(id, { outcome: 'undone', left_behind: [String(process.pid)] }),
      execute: ({ id, params: { step } }) => {
        if (step === 'die') process.exit(3);
        if (step === 'quick') return done(id);
        if (step === 'deaf') deaf.add(id);
        notify('undo', { id, seq: 1, data: { pid: process.pid } });
      },
    }, ${JSON.stringify({ cancel: true, undo: true, rollback: true, can_skip: true, ...capabilities })});
    onNotification('undo_saved', ({ id }) => done(id));
    onNotification('cancel', ({ id }) => {
      if (!deaf.has(id)) write({ id, error: { code: 1003, message: 'cancelled', data: { kind: 'cancelled', cause: [] } } });
    });`;
}

/** A call of a step of {@link holdingPlugin} that runs until it is let go. */
export interface HeldCall {
  /** The id of the process, once the step runs there. */
  readonly entered: Promise<number>;
  /** The id of the process, once the call is answered. */
  readonly result: Promise<number>;
  letGo(): void;
}

/** Calls a step that holds. */
export function holdCall(session: PluginSession, step = 'hold', more: Partial<CallRequest> = {}): HeldCall {
  let call: OngoingCall<unknown> | undefined;
  let enter: (pid: number) => void = () => undefined;
  const told = new Promise<number>((resolve) => {
    enter = resolve;
  });
  const request = {
    step,
    params: { step },
    listener: {
      onNotification: ({ params }: { readonly params: object }) =>
        enter((params as { data: { pid: number } }).data.pid),
      onLines: () => undefined,
    },
    ...more,
    method: 'execute' as const,
  };
  const result = session.call(request, (started) => (call = started)).then(pidIn);
  result.catch(() => undefined); // whoever waits for it hears of it
  const entered = Promise.race([told, result]);
  entered.catch(() => undefined);
  return { entered, result, letGo: () => call?.confirmUndo(1) };
}

/** The id of the process in which a step that answers at once runs. */
export async function quickCall(session: PluginSession): Promise<number> {
  return pidIn(await session.call({ method: 'execute', step: 'quick', params: { step: 'quick' } }));
}

/** Has the plugin die in the middle of a call. */
export async function dieIn(session: PluginSession): Promise<unknown> {
  const call = session.call({ method: 'execute', step: 'die', params: { step: 'die' } });
  return await call.then(
    () => undefined,
    (error: unknown) => error,
  );
}

function pidIn({ data }: { readonly data: Record<string, unknown> | null }): number {
  return Number(data?.['pid']);
}
