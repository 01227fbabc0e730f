// CX-7 and CX-8: what has changed is taken for the whole, on whatever it builds.
import { serve } from './conforming-plugin.mjs';

serve({ takeContext: () => true });
