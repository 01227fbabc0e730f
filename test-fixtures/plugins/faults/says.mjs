// Answers with the very text that it is given; ID in it becomes the request's id, (DEEP) that many brackets.
import { plugin, result } from '../wire.mjs';

plugin([{ name: 'say', rollback: true }], {
  execute: ({ id, params }) => {
    const { text, base64, depth = 0 } = params.step_params;
    const bytes = base64 === undefined ? Buffer.from(text) : Buffer.from(base64, 'base64');
    const said = bytes.toString('latin1').replaceAll('ID', String(id)).replace('DEEP', '['.repeat(depth) + ']'.repeat(depth));
    process.stdout.write(Buffer.from(`${said}\n`, 'latin1'));
  },
  rollback: ({ id }) => result(id, { outcome: 'undone' }),
});
