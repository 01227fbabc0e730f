import { notify, onNotification, plugin, result, write } from './wire.mjs';

const open = new Map(); // id of the request → what ends it
const steps = [
  { name: 'echo', can_skip: true, rollback: true, weight: 2, title: 'Echo' },
  { name: 'raise', rollback: true },
  { name: 'fail' },
  { name: 'self-skip' },
  { name: 'wait', rollback: true },
  { name: 'tell' },
  { name: 'wire-error' },
];

plugin(
  steps,
  {
    ping: ({ id }) => result(id, {}),
    can_skip: ({ id, params }) => result(id, { skip: params.context.full.skip === true, reason: 'asked to' }),
    execute: ({ id, params }) => execute[params.step](id, params),
    rollback: ({ id, params }) => {
      const { undo, result: outcome, cause, undo_attempt, attempt, idempotency_key } = params;
      const seen = { pid: process.pid, undo, result: outcome, cause, undo_attempt, attempt, idempotency_key };
      result(id, { outcome: params.step_params.outcome ?? 'undone', left_behind: params.step_params.left_behind ?? [], patch: [{ op: 'add', path: '/seenByUndo', value: seen }] });
    },
  },
  { cancel: true, ping: true, rollback: true, can_skip: true, undo: true },
);

const execute = {
  echo: (id, params) => result(id, { success: true, data: params, patch: params.context.full.changes ?? [], undo: { pid: process.pid } }),
  raise: (id) =>
    result(id, { success: false, error: 'it broke', data: { half: true }, undo: { late: 1 }, cause: { type: 'ValueError', message: 'it broke', traceback: ['Traceback (most recent call last):', '  File "x.py", line 1', 'ValueError: it broke'] } }),
  fail: (id) => result(id, { success: false, error: 'not today' }),
  'self-skip': (id) => result(id, { success: true, skipped: true, skip_reason: 'nothing to do' }),
  wait: (id) => {
    notify('undo', { id, seq: 1, data: { waiting: true } });
    const timer = setInterval(() => undefined, 1000);
    open.set(id, () => clearInterval(timer));
  },
  tell: (id) => {
    notify('progress', { id, seq: 1, current: 1, total: 4, message: 'a quarter' });
    notify('progress', { id, seq: 2 });
    notify('progress', { id, seq: 3, current: 2, total: 4, category: 'files' });
    notify('metrics', { id, seq: 4, metrics: { loss: 0.5 } });
    notify('log', { id, seq: 5, level: 'warning', event: 'slow', data: { seconds: 3 } });
    notify('log', { id, seq: 6, level: 'info', message: 'hello' });
    notify('_acme/unknown', { id });
    result(id, { success: true });
  },
  'wire-error': (id) =>
    write({ id, error: { code: 1006, message: 'the disk is away', data: { kind: 'unavailable', retry_after_ms: 250, hint: 'Mount it.', cause: [{ name: 'IOError', message: 'gone', stack: ['line 1', 'line 2'] }, { name: 'DiskError', message: 'no disk', stack: [] }] } } }),
};

onNotification('cancel', ({ id }) => {
  open.get(id)?.();
  if (open.delete(id)) write({ id, error: { code: 1003, message: 'cancelled', data: { kind: 'cancelled', cause: [] } } });
});
