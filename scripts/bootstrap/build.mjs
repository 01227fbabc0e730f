// Builds every package through turbo, which rebuilds only what changed.
import { pnpm } from './pnpm.mjs';

export async function buildPackages() {
  console.log('Building the packages (turbo skips what has not changed) …');
  const code = await pnpm(['exec', 'turbo', 'run', 'build', '--output-logs=errors-only', '--log-order=grouped']);
  if (code !== 0) throw new Error(`The build failed (exit code ${code}); the lines above say where.`);
}
