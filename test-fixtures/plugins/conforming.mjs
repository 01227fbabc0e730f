import { RIGHT, serve } from './conforming-plugin.mjs';

RIGHT.capabilities.max_in_flight = 3; // each call is a few callbacks, which run side by side
serve();
