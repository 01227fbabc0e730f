// Sends very many progress and log frames in one go, then answers with the time at which it did.
import { writeSync } from 'node:fs';
import { plugin, result } from '../wire.mjs';

plugin([{ name: 'burst' }, { name: 'backwards' }], {
  execute: ({ id, params }) => {
    const { count } = params.step_params;
    const backwards = params.step === 'backwards';
    let text = '';
    for (let at = 1; at <= count; at += 1) {
      const current = backwards ? count - at : at;
      const kind = backwards || at % 2 === 0 ? `"progress","params":{"id":${id},"seq":${at},"current":${current},"total":${count}}` : `"log","params":{"id":${id},"seq":${at},"message":"${at}"}`;
      text += `{"jsonrpc":"2.0","method":${kind}}\n`;
      if (text.length > 60_000 || at === count) {
        writeWhole(Buffer.from(text));
        text = '';
      }
    }
    result(id, { success: true, data: { answered_at: Date.now() } });
  },
});

function writeWhole(bytes) {
  for (let at = 0; at < bytes.length; ) at += writeAgain(bytes, at);
}

function writeAgain(bytes, at) {
  try {
    return writeSync(1, bytes, at);
  } catch (error) {
    if (error.code === 'EAGAIN') return 0; // the pipe is full, and does not block
    throw error;
  }
}
