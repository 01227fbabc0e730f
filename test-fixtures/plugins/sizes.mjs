import { plugin, result } from './wire.mjs';

plugin([{ name: 'measure' }, { name: 'fill' }], {
  execute: ({ id, params }) => {
    if (params.step === 'measure') return result(id, { success: true, data: { length: params.context.full.text.length } });
    const answer = (text) => ({ jsonrpc: '2.0', id, result: { success: true, data: { text } } });
    const room = params.step_params.bytes - JSON.stringify(answer('')).length; // the frame without its line feed
    result(id, answer('x'.repeat(room)).result);
  },
});
