// Asked to shut down, it writes megabytes to both streams before it ends.
import { plugin, result } from '../wire.mjs';

process.stdin.removeAllListeners('end'); // it ends by itself, once all is written
plugin([{ name: 'hello' }], {
  execute: ({ id }) => result(id, { success: true }),
  shutdown: ({ id }) => {
    process.stderr.write(`${'y'.repeat(99)}\n`.repeat(20_000));
    process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', method: '_fixture/rest', params: { text: 'x'.repeat(3_000_000) } })}\n`);
    result(id, {});
    process.stderr.write('all is written\n');
  },
});
