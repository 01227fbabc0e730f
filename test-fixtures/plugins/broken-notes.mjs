// NO-1, NO-2 and NO-3: an impossible progress, metrics that are none, a level that nobody knows.
import { answer, notify, serve } from './conforming-plugin.mjs';

serve({
  work: (id) => {
    notify('progress', id, { current: 5, total: 3 });
    notify('metrics', id, { metrics: [1, 2] });
    notify('log', id, { level: 'loud', message: 'hello' });
    answer(id, { success: true });
  },
});
