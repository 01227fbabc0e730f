// UD-2: does not wait until its undo data is safe.
import { answer, notify, serve } from './conforming-plugin.mjs';

serve({
  'conformance-saves-undo': (id) => {
    notify('undo', id, { data: { path: 'model.json' } });
    answer(id, { success: true });
  },
});
