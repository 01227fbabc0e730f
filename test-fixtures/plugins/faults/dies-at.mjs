// Dies at the moment that its step is named after.
import { notify, plugin, result } from '../wire.mjs';

const die = () => process.kill(process.pid, 'SIGKILL');
const execute = {
  'between-frames': (id) => {
    notify('progress', { id, seq: 1, current: 1, total: 2 });
    process.stdout.write('', die);
  },
  'mid-frame': (id) => process.stdout.write(`{"jsonrpc":"2.0","id":${id},"result":{"succ`, die),
  'before-the-line-end': (id) => process.stdout.write(`{"jsonrpc":"2.0","id":${id},"result":{"success":true}}`, die),
  'after-the-answer': (id) => {
    result(id, { success: true, data: { answered: true } });
    process.stdout.write('', die);
  },
};

plugin(
  Object.keys(execute).map((name) => ({ name, rollback: true })),
  { execute: ({ id, params }) => execute[params.step](id), rollback: ({ id }) => result(id, { outcome: 'undone' }) },
);
