// Starts one program without a shell and waits for it.
import { spawn } from 'node:child_process';
import { root } from './repository.mjs';

/**
 * @typedef {object} CommandOptions
 * @property {string} [cwd] Default: the root of the repository.
 * @property {Record<string, string>} [env] Added to the environment.
 * @property {number} [timeoutMs] After it the program is killed and the result has `timedOut`. Default: 15 minutes.
 */

/** @typedef {{ code: number, output: string, timedOut: boolean }} CommandResult */

const fifteenMinutes = 15 * 60_000;

/**
 * Runs a program on this terminal. Ctrl-C reaches it directly, so this process stays until the program has tidied up.
 *
 * @param {string} command @param {readonly string[]} args @param {CommandOptions} [options]
 * @returns {Promise<number>} The exit code; 130 and the like for a signal.
 */
export async function runCommand(command, args, options = {}) {
  const ignore = () => undefined;
  const child = spawn(command, args, { ...spawnOptions(options), stdio: 'inherit' });
  const forward = () => child.kill('SIGTERM');
  process.on('SIGINT', ignore);
  process.on('SIGTERM', forward);
  const { code } = await exit(child, options).finally(() => {
    process.off('SIGINT', ignore);
    process.off('SIGTERM', forward);
  });
  return code;
}

/**
 * Runs a program and keeps what it prints, both streams in the order of arrival.
 *
 * @param {string} command @param {readonly string[]} args @param {CommandOptions} [options]
 * @returns {Promise<CommandResult>}
 */
export async function captureCommand(command, args, options = {}) {
  const child = spawn(command, args, { ...spawnOptions(options), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text) => (output += text));
  }
  const { code, timedOut } = await exit(child, options);
  return { code, output: timedOut ? `${output}\n${command} did not end in time and was killed.\n` : output, timedOut };
}

/** @param {CommandOptions} options */
function spawnOptions({ cwd = root, env = {} }) {
  return { cwd, env: { ...process.env, ...env } };
}

/** @type {Record<string, number>} */
const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/**
 * @param {import('node:child_process').ChildProcess} child @param {CommandOptions} options
 * @returns {Promise<{ code: number, timedOut: boolean }>}
 */
function exit(child, { timeoutMs = fifteenMinutes }) {
  return new Promise((resolve, reject) => {
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? 128 + (signalNumbers[String(signal)] ?? 0), timedOut });
    });
  });
}
