// EX-1, EX-2 and EX-3: a failed step as an error, success for a step that it does not have, a skip without success.
import { answer, refuse, serve } from './conforming-plugin.mjs';

serve({
  work: (id) => refuse(id, 1000, 'the step failed'),
  unknownStep: (id) => answer(id, { success: true }) ?? true,
  'conformance-prints': (id) => answer(id, { success: false, skipped: true }),
});
