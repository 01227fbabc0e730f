// The package manager comes through npx, in the version that package.json pins: nobody has to install it.
import { captureCommand, runCommand } from './run-command.mjs';
import { readManifest, root } from './repository.mjs';

/** @typedef {import('./run-command.mjs').CommandOptions} CommandOptions */

const quiet = { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', npm_config_update_notifier: 'false' };

/** @param {readonly string[]} args @param {CommandOptions} [options] @returns {Promise<number>} */
export function pnpm(args, options = {}) {
  return runCommand('npx', npxArguments(args), { ...options, env: { ...quiet, ...options.env } });
}

/** @param {readonly string[]} args @param {CommandOptions} [options] */
export function capturePnpm(args, options = {}) {
  return captureCommand('npx', npxArguments(args), { ...options, env: { ...quiet, ...options.env } });
}

/** @param {readonly string[]} args */
function npxArguments(args) {
  const { packageManager } = readManifest(root);
  if (packageManager === undefined)
    throw new Error('package.json: "packageManager" must pin pnpm, as in "pnpm@10.34.9".');
  return ['--yes', packageManager, ...args];
}
