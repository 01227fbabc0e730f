import { closeSync } from 'node:fs';
import { plugin, result } from './wire.mjs';

plugin(
  [{ name: 'deaf' }, { name: 'listens' }, { name: 'closes-stdin' }],
  {
    execute: ({ id, params }) => {
      result(id, { success: true });
      if (params.step === 'closes-stdin') {
        closeSync(0);
        setInterval(() => undefined, 1000);
      }
      if (params.step !== 'deaf') return;
      process.stdin.pause();
      setTimeout(() => process.exit(4), 300);
    },
  },
);
