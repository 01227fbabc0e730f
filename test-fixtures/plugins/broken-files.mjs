// FI-1, FI-3, FI-4, VA-7 and VA-8: it names files where there is no folder, and not as they are; leaves those that it was
// given; and writes tags, and keys that look like some, in its own way.
import { answer, RIGHT, serve } from './conforming-plugin.mjs';

serve({
  initialize: (id, params) => {
    if (!params.protocol_versions.includes(1)) return RIGHT.initialize(id, params);
    answer(id, { protocol_version: 1, capabilities: { ...RIGHT.capabilities, files: true } });
  },
  work: (id) =>
    answer(id, {
      success: true,
      data: { table: { $file: '../table', bytes: 1 }, rows: { $int: '1e3' }, schema: { $int: 'int', $bytes: 'bytes' } },
    }),
});
