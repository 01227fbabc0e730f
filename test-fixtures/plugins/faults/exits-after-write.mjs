// Writes an answer of a megabyte and exits in the same breath, as programs that do not wait for their output do.
import { plugin, result } from '../wire.mjs';

plugin([{ name: 'large' }], {
  execute: ({ id }) => {
    result(id, { success: true, data: { text: 'x'.repeat(1_000_000) } });
    process.exit(0);
  },
});
