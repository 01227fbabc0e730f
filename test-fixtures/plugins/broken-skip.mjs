// SK-1: a text where a boolean belongs.
import { answer, serve } from './conforming-plugin.mjs';

serve({ can_skip: (id) => answer(id, { skip: 'no' }) });
