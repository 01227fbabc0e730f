// Starts a child that inherits its stdout and prints there, also something that looks like a frame of the protocol.
import { spawnSync } from 'node:child_process';
import { plugin, result } from '../wire.mjs';

plugin([{ name: 'child' }], {
  execute: ({ id }) => {
    spawnSync('sh', ['-c', 'echo from the child; printf "no line end"'], { stdio: ['ignore', 'inherit', 'inherit'] });
    result(id, { success: true, data: { done: true } });
  },
});
