import { serve } from './conforming-plugin.mjs';

serve();
