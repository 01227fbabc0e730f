// FR-5: one line that cannot be read ends it.
import { serve } from './conforming-plugin.mjs';

serve({ unreadable: () => process.exit(1) });
