import { defineConfig } from 'vitest/config';

// Tests run on the sources of all packages: the export condition spares a build.
const conditions = ['@synapse-steps/source'];
const rooms = ['packages/*/{src,test}', 'apps', 'scripts'];
const slow = rooms.map((room) => `${room}/**/*.slow.test.ts`);
const elsewhere = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  resolve: { conditions: [...conditions, 'module', 'node'] },
  ssr: { resolve: { conditions: [...conditions, 'module', 'node'] } },
  test: {
    testTimeout: 20_000,
    hookTimeout: 20_000,
    restoreMocks: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: rooms.map((room) => `${room}/**/*.test.ts`),
          exclude: [...elsewhere, ...slow],
        },
      },
      { extends: true, test: { name: 'slow', include: slow, exclude: elsewhere, testTimeout: 120_000 } },
      {
        extends: true,
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: rooms.map((room) => `${room}/**/*.test-d.ts`),
            tsconfig: './tsconfig.json',
            ignoreSourceErrors: true, // `npm run typecheck` reports those
          },
        },
      },
    ],
  },
});
