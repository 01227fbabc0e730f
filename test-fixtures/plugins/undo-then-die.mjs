import { notify, onNotification, plugin, result } from './wire.mjs';

// `how` is a signal's name, or the code to exit with; the death comes once the undo data is known to be safe.
let how;
plugin(
  [{ name: 'die', rollback: true }],
  {
    execute: ({ id, params }) => {
      how = params.step_params.how ?? 'SIGKILL';
      notify('undo', { id, seq: 1, data: { a: 1, b: 1 }, patch: [{ op: 'add', path: '/sent', value: true }] });
      notify('undo', { id, seq: 2, data: { b: 2 } });
    },
    rollback: ({ id, params }) => result(id, { outcome: 'undone', patch: [{ op: 'add', path: '/seenByUndo', value: { undo: params.undo, status: params.result.status, pid: process.pid } }] }),
  },
  { rollback: true, undo: true },
);

onNotification('undo_saved', ({ seq }) => {
  if (seq !== 2) return;
  process.stderr.write('about to die\n', () => (typeof how === 'number' ? process.exit(how) : process.kill(process.pid, how)));
});
