// EN-4 and EN-8: answers twice, and says something afterwards.
import { answer, notify, serve } from './conforming-plugin.mjs';

serve({
  work: (id) => {
    answer(id, { success: true });
    answer(id, { success: true });
    notify('progress', id, { current: 1, total: 1 });
  },
});
