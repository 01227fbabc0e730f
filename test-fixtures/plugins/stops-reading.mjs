import { plugin, result } from './wire.mjs';

plugin(
  [{ name: 'deaf' }, { name: 'listens' }],
  {
    execute: ({ id, params }) => {
      result(id, { success: true });
      if (params.step !== 'deaf') return;
      process.stdin.pause();
      setTimeout(() => process.exit(4), 300);
    },
  },
);
