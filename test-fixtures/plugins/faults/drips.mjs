// Writes its answer in the pieces that it is told: a byte at a time, or very many frames at once.
import { writeSync } from 'node:fs';
import { plugin } from '../wire.mjs';

const frame = (message) => Buffer.from(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`, 'utf8');
const execute = {
  bytes: (id) => {
    const answer = frame({ id, result: { success: true, data: { text: 'naïve – 日本 – 😀' } } });
    for (let at = 0; at < answer.length; at += 1) writeSync(1, answer, at, 1);
  },
  burst: (id) => {
    const logs = Array.from({ length: 500 }, (_, index) => frame({ method: 'log', params: { id, seq: index + 1, message: `line ${index}` } }));
    writeWhole(Buffer.concat([...logs, frame({ id, result: { success: true, data: { text: 'all' } } })]));
  },
};

function writeWhole(bytes) {
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
}

plugin(Object.keys(execute).map((name) => ({ name })), { execute: ({ id, params }) => execute[params.step](id) });
