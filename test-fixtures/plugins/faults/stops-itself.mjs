// Stops itself in the middle of a step, with a child in its group that does not heed SIGTERM.
import { spawn } from 'node:child_process';
import { plugin } from '../wire.mjs';

plugin(
  [{ name: 'stop' }],
  {
    execute: () => {
      const child = spawn('sh', ['-c', 'trap "" TERM; echo ready; exec sleep 300'], { stdio: ['ignore', 'pipe', 'inherit'] });
      child.stdout.once('data', () => process.stderr.write('stopping\n', () => process.kill(process.pid, 'SIGSTOP')));
    },
  },
  { cancel: true },
);
