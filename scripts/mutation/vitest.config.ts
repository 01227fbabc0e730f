import { defineConfig } from 'vitest/config';

// The tests of core alone, as quick as they get: this configuration is run once for each mutant, in a copy of the repository.
const conditions = ['@synapse-steps/source', 'module', 'node', 'import', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/core/{src,test}/**/*.test.ts'],
    setupFiles: ['scripts/mutation/few-property-runs.ts'],
    // No test of core leaves anything behind, so they can share what they import: most of the time of a mutant is importing.
    isolate: false,
    restoreMocks: true,
    testTimeout: 5000,
    hookTimeout: 5000,
  },
});
