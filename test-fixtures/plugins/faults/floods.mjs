// Floods a stream with as many bytes as it is told, with or without line ends, before it answers; ignores SIGTERM.
import { writeSync } from 'node:fs';
import { plugin, result } from '../wire.mjs';

process.on('SIGTERM', () => undefined);
plugin([{ name: 'flood' }], {
  execute: ({ id, params }) => {
    const { fd, bytes, line } = params.step_params;
    const chunk = Buffer.alloc(64 * 1024, line ? `${'x'.repeat(63)}\n` : 'x');
    for (let left = bytes; left > 0; ) left -= write(fd, chunk.subarray(0, Math.min(left, chunk.length)));
    result(id, { success: true });
  },
});

function write(fd, bytes) {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    if (error.code === 'EAGAIN') return 0; // the pipe is full, and does not block
    throw error;
  }
}
