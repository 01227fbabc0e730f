// Tells what cancels it got: the answer of `slow` comes only when it is cancelled, the one of `quick` at once.
import { onNotification, plugin, result } from '../wire.mjs';

const cancels = [];
const open = new Set();
onNotification('cancel', ({ id }) => {
  cancels.push(id);
  if (open.delete(id)) result(id, { success: true, data: { cancels } });
});

plugin(
  [{ name: 'slow' }, { name: 'quick' }],
  {
    execute: ({ id, params }) => {
      if (params.step === 'quick') result(id, { success: true, data: { id, cancels } });
      else open.add(id);
    },
  },
  { cancel: true },
);
