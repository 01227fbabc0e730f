// SH-1, SH-2, SH-3, PC-9 and IN-3: refuses to end, and then does not.
import { refuse, serve } from './conforming-plugin.mjs';

setInterval(() => undefined, 1000);
serve({ shutdown: (id) => refuse(id, 1000, 'not now'), ended: () => undefined });
