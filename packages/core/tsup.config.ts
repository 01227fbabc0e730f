import { defineConfig } from 'tsup';
import { packageBuild } from '../../tsup.base.js';

// The heart is to stay light (≤ 300 KB installed). Names and statements stay as they are, and lines short, so that a stack
// still says where; comments are in the declarations.
export default defineConfig(
  packageBuild({
    minifyWhitespace: true,
    esbuildOptions: (options) => {
      options.lineLimit = 100;
    },
  }),
);
