// Says more than this version of the protocol knows, in every message.
import { notify, onMessage, result, write } from '../wire.mjs';

const more = { _acme: { trace: 1 }, since: 'version 1.7' };
onMessage(({ id, method }) => {
  switch (method) {
    case 'initialize':
      return result(id, { protocol_version: 1, ...more, capabilities: { teleport: true } });
    case 'describe':
      return result(id, { steps: [{ name: 'hello', colour: 'green', ...more }], ...more });
    case 'execute':
      notify('weather', { id, seq: 1, sunny: true });
      notify('progress', { id, seq: 2, current: 1, total: 2, ...more });
      return write({ id, result: { success: true, ...more }, ...more });
    default:
      return id === undefined || write({ id, error: { code: -32601, message: `unknown method: ${method}`, ...more } });
  }
});
