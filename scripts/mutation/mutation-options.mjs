// What is mutated, by which tests it is judged, and how.
import { join } from 'node:path';

const sources = 'packages/core/src';
const rooms = ['orchestrator', 'restore', 'report', 'progress', 'journal'];

/**
 * @typedef {object} Wish
 * @property {readonly string[]} files Below the sources of core: files, folders, or `file.ts:10-20`. Default: all rooms.
 * @property {number} concurrency
 */

/** @param {readonly string[]} args @returns {Wish} @throws Error for an argument that is none. */
export function readWish(args) {
  const files = [];
  let concurrency = 1;
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--concurrency') concurrency = Number(rest.shift());
    else if (arg !== '--files') throw new Error(`Unknown argument "${arg}". ${usage}`);
    else while (rest[0] !== undefined && !rest[0].startsWith('--')) files.push(...String(rest.shift()).split(','));
  }
  if (!Number.isInteger(concurrency) || concurrency < 1) throw new Error(`--concurrency wants a number. ${usage}`);
  return { files, concurrency };
}

const usage = 'Usage: npm run mutation -- [--files FILE_OR_FOLDER …] [--concurrency N]';

/**
 * The options of one run of Stryker.
 *
 * @param {Wish} wish
 * @param {{ root: string, temporaryFolder: string }} folders
 */
export function strykerOptions({ files, concurrency }, { root, temporaryFolder }) {
  return {
    mutate: [...(files.length > 0 ? files : rooms).map(patternOf), '!**/*.test.ts'],
    ignorePatterns: onlyCopied(['packages/core/', 'scripts/mutation/', 'tsconfig.base.json', 'tsconfig.json']),
    testRunner: 'vitest',
    vitest: { configFile: 'scripts/mutation/vitest.config.ts', related: false },
    plugins: ['@stryker-mutator/vitest-runner', join(root, 'scripts', 'mutation', 'ignore-messages.mjs')],
    ignorers: ['messages'],
    coverageAnalysis: 'perTest',
    concurrency,
    timeoutMS: 5000,
    reporters: process.stdout.isTTY ? ['progress'] : ['progress-append-only'],
    allowEmpty: false,
    tempDirName: temporaryFolder,
    cleanTempDir: 'always',
    disableTypeChecks: false, // vitest removes types without checking them
    logLevel: 'warn',
  };
}

/** @param {string} file */
function patternOf(file) {
  return /\.ts(:|$)/.test(file) ? `${sources}/${file}` : `${sources}/${file}/**/*.ts`;
}

/** Patterns that leave out all but these, for the patterns know only what to leave out. @param {readonly string[]} kept */
function onlyCopied(kept) {
  const folders = new Set(kept.map((path) => path.split('/')[0]));
  return ['/*', ...[...folders].map((folder) => `!/${folder}`), ...kept.flatMap(onlyBelow)];
}

/** @param {string} path */
function onlyBelow(path) {
  const [folder, inside] = path.split('/');
  return inside ? [`/${folder}/*`, `!/${folder}/${inside}`] : [];
}
