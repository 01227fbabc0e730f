// npm run build: installs and builds, each only as far as something changed.
import { mainProgram } from './bootstrap/main-program.mjs';

await mainProgram(async () => 0);
