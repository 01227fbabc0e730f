// Builds every package through turbo, which rebuilds only what changed.
import { capturePnpm } from './pnpm.mjs';

/** @returns {Promise<{ code: number, output: string }>} What turbo says is worth reading only when the build failed. */
export function captureBuild() {
  return capturePnpm(['exec', 'turbo', 'run', 'build', '--output-logs=errors-only', '--log-order=grouped']);
}

export async function buildPackages() {
  console.log('Building the packages (turbo skips what has not changed) …');
  const { code, output } = await captureBuild();
  if (code !== 0) throw new Error(`${output}\nThe build failed (exit code ${code}); the lines above say where.`);
}
