// PI-1: claims that it can be pinged, and does not know the word.
import { refuse, serve } from './conforming-plugin.mjs';

serve({ ping: (id) => refuse(id, -32601, 'there is no method ping') });
