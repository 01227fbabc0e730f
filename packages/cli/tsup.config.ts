import { defineConfig } from 'tsup';
import { packageBuild } from '../../tsup.base.js';

// A command, not a library: nobody imports it, so it has no declarations.
export default defineConfig(packageBuild({ entry: { main: 'src/main.ts' }, dts: false }));
