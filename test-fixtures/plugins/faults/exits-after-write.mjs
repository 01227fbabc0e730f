// Writes an answer of megabytes and exits in the same breath: `large` and `cut` as programs do that do not wait for their output,
// `whole` as one that does.
import { writeSync } from 'node:fs';
import { plugin, result } from '../wire.mjs';

const answer = (length) => ({ success: true, data: { text: 'x'.repeat(length) } });

plugin([{ name: 'large' }, { name: 'cut' }, { name: 'whole' }], {
  execute: ({ id, params }) => {
    if (params.step === 'whole') writeWhole({ jsonrpc: '2.0', id, result: answer(1_000_000) });
    else result(id, answer(params.step === 'cut' ? 6_000_000 : 1_000_000)); // no pipe holds six
    process.exit(0);
  },
});

function writeWhole(message) {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let at = 0; at < bytes.length; ) at += writeSome(bytes, at);
}

function writeSome(bytes, at) {
  try {
    return writeSync(1, bytes, at);
  } catch (error) {
    if (error.code === 'EAGAIN') return 0; // the pipe is full
    throw error;
  }
}
