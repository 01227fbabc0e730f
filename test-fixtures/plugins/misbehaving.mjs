import { closeSync } from 'node:fs';
import { notify, plugin, result, write } from './wire.mjs';

const execute = {
  'answers-twice': (id) => {
    result(id, { success: true });
    result(id, { success: true });
    notify('progress', { id, seq: 9, current: 1, total: 2 });
  },
  'unknown-id': (id) => {
    result(4711, {});
    result(id, { success: true });
  },
  'text-id': (id) => {
    result(String(id), {});
    result(id, { success: true });
  },
  'result-and-error': (id) => {
    write({ id, result: { success: true }, error: { code: 1, message: 'x' } });
    result(id, { success: true });
  },
  'sends-requests': (id) => {
    write({ id: 1, method: 'execute', params: {} });
    result(id, { success: true });
  },
  'seq-goes-back': (id) => {
    notify('metrics', { id, seq: 2, metrics: { a: 1 } });
    notify('metrics', { id, seq: 1, metrics: { b: 1 } });
    result(id, { success: true });
  },
  'malformed-progress': (id) => {
    notify('progress', { id, seq: 1, current: 'x' });
    result(id, { success: true });
  },
  'malformed-undo': (id) => notify('undo', { id, seq: 1, data: [1] }),
  'impossible-progress': (id) => notify('progress', { id, seq: 1, current: 5, total: 3 }),
  'wrong-shape': (id) => result(id, { success: 'yes' }),
  'forbidden-patch': (id) => result(id, { success: true, patch: [{ op: 'add', path: '/__proto__/x', value: 1 }] }),
  'impossible-patch': (id) => result(id, { success: true, undo: { kept: 1 }, patch: [{ op: 'remove', path: '/nothing' }] }),
  'claims-death': (id) => write({ id, error: { code: 1000, message: 'x', data: { kind: 'signalled' } } }),
  'closes-stdout': () => {
    closeSync(1);
    setInterval(() => undefined, 1000);
  },
  'cut-frame': (id) => {
    const frame = JSON.stringify({ jsonrpc: '2.0', id, result: { success: true, data: { text: 'x'.repeat(1_000_000) } } });
    process.stdout.write(frame.slice(0, -10), () => process.exit(0));
  },
  'floods-stdout': () => {
    const flood = 'x'.repeat(65536);
    const pump = () => {
      while (process.stdout.write(flood));
      process.stdout.once('drain', pump);
    };
    pump();
  },
};

plugin(
  Object.keys(execute).map((name) => ({ name, rollback: true })),
  { execute: ({ id, params }) => execute[params.step](id), rollback: ({ id }) => result(id, { outcome: 'undone' }) },
  { cancel: true },
);
