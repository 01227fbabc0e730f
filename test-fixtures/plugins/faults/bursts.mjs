// Sends very many progress, log and metrics frames in one go, then answers with the time at which it did.
import { writeSync } from 'node:fs';
import { plugin, result } from '../wire.mjs';

const KINDS = {
  burst: (at) => (at % 2 === 0 ? 'progress' : 'log'),
  logs: () => 'log',
  backwards: () => 'progress',
  measures: (at) => (at % 2 === 0 ? 'metrics' : 'log'),
};

plugin(Object.keys(KINDS).map((name) => ({ name })), {
  execute: ({ id, params }) => {
    const { count } = params.step_params;
    let text = '';
    for (let at = 1; at <= count; at += 1) {
      const current = params.step === 'backwards' ? count - at : at;
      const said = { progress: { current, total: count }, log: { message: String(at) }, metrics: { metrics: { at } } };
      const method = KINDS[params.step](at);
      text += `${JSON.stringify({ jsonrpc: '2.0', method, params: { id, seq: at, ...said[method] } })}\n`;
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
