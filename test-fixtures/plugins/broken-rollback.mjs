// RO-3: what it has undone once it cannot undo again.
import { answer, serve } from './conforming-plugin.mjs';

serve({
  rollback: (id, { undo_attempt: attempt }) =>
    answer(id, attempt === 1 ? { outcome: 'undone' } : { outcome: 'failed', error: 'there is no such file' }),
});
