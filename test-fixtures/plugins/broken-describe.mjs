// DE-1 and DE-2: two steps of one name, and another one each time.
import { answer, RIGHT, serve } from './conforming-plugin.mjs';

let asked = 0;
serve({
  describe: (id) => answer(id, { steps: [...RIGHT.steps, { name: 'work' }, { name: `step ${(asked += 1)}` }] }),
});
