// FI-4: it takes files, and leaves each where it found it.
import { answer, RIGHT, serve } from './conforming-plugin.mjs';

const capabilities = { ...RIGHT.capabilities, files: true };

serve({
  initialize: (id, params) =>
    params.protocol_versions.includes(1)
      ? answer(id, { protocol_version: 1, capabilities })
      : RIGHT.initialize(id, params),
});
