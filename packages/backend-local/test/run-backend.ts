// Runs a backend over the folder that is its first argument, keeping as many bytes free as the second says, and says where;
// SIGTERM ends it in good order, with a word on the memory that it took.
import { startLocalBackend } from '../src/index.js';

const [, , dir = '', free = '0'] = process.argv;
const backend = await startLocalBackend({ dir, keepFreeBytes: Number(free), limits: { partBytes: 64 * 1024 } });
process.once('SIGTERM', () => {
  void backend.close().then(() => console.log(JSON.stringify({ peakBytes: process.resourceUsage().maxRSS * 1024 })));
});
console.log(JSON.stringify({ url: backend.url, pid: process.pid }));
