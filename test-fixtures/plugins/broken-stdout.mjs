// ST-1: prints where frames belong.
import { answer, serve } from './conforming-plugin.mjs';

serve({
  'conformance-prints': (id) => {
    console.log('epoch 1 of 3');
    answer(id, { success: true });
  },
});
