// VA-2 and VA-3: an integer that other readers take for another one, and a key twice.
import { answer, serve, writeLine } from './conforming-plugin.mjs';

serve({
  work: (id) => {
    writeLine(`{"jsonrpc":"2.0","method":"metrics","params":{"id":${id},"seq":1,"metrics":{"n":9007199254740993}}}`);
    writeLine(`{"jsonrpc":"2.0","method":"metrics","params":{"id":${id},"seq":2,"metrics":{"n":1,"n":2}}}`);
    answer(id, { success: true });
  },
});
