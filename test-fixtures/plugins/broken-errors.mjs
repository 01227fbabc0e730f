// ER-1 and ER-2: an error without a code, and one that claims what only the host can know.
import { send, serve } from './conforming-plugin.mjs';

let asked = 0;
serve({
  unknownStep: (id) => {
    asked += 1;
    send({ id, error: { code: 'E1', message: 'no' } });
    send({ id, error: { code: 1001, message: `no, for the ${asked}th time`, data: { kind: 'signalled' } } });
    return true;
  },
});
