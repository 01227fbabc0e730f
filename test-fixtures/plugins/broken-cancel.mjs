// CA-4: claims that it can be cancelled, and goes on.
import { serve } from './conforming-plugin.mjs';

serve({ cancel: () => undefined });
