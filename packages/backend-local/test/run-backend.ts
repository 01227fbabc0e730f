// Runs a backend over the folder that is its first argument, keeping as many bytes free as the second says, and says where;
// SIGTERM ends it in good order.
import { startLocalBackend } from '../src/index.js';

const [, , dir = '', free = '0'] = process.argv;
const backend = await startLocalBackend({ dir, keepFreeBytes: Number(free), limits: { partBytes: 64 * 1024 } });
process.once('SIGTERM', () => void backend.close());
console.log(JSON.stringify({ url: backend.url, pid: process.pid }));
