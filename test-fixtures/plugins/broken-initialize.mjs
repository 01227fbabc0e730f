// IN-2 and IN-3: speaks whatever version it is offered.
import { answer, RIGHT, serve } from './conforming-plugin.mjs';

serve({
  initialize: (id, params) =>
    answer(id, { protocol_version: Math.max(...params.protocol_versions), capabilities: RIGHT.capabilities }),
});
