// Prints a banner without a line end, so that its first frame is glued behind it.
import { plugin, result } from '../wire.mjs';

process.stdout.write('fixture 1.0, loading 100 %');
plugin([{ name: 'hello' }], { execute: ({ id }) => result(id, { success: true }) });
