// CX-3 and CX-4: an operation that is not allowed, and a path to a prototype.
import { answer, serve } from './conforming-plugin.mjs';

serve({
  work: (id) =>
    answer(id, {
      success: true,
      patch: [
        { op: 'copy', from: '/a', path: '/b' },
        { op: 'add', path: '/__proto__/polluted', value: true },
      ],
    }),
});
