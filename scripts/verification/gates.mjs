// All gates, in the order in which a contributor wants to hear of them: quick ones first.
import { captureBuild } from '../bootstrap/build.mjs';
import { requirePython } from '../bootstrap/find-pythons.mjs';
import { publishablePackages } from '../bootstrap/repository.mjs';
import { captureCommand } from '../bootstrap/run-command.mjs';
import { sourceProgram } from '../bootstrap/source-program.mjs';
import { installAll } from '../install-test/install-all.mjs';
import { installTest } from '../install-test/install-test.mjs';
import { checkDatasetTools } from './dataset-tools.mjs';
import { checkFaults } from './fault-results.mjs';
import { commandGate, oneCheck } from './gate.mjs';
import { pythonGates } from './python-gates.mjs';
import { checkPythonTypes } from './python-types.mjs';
import { checkUvEnvironments } from './uv-environments.mjs';
import { recordedTests } from './totals.mjs';
import { captureVitest } from './vitest-run.mjs';

/** @typedef {import('./gate.mjs').Gate} Gate */
/** @typedef {import('./tarballs.mjs').Tarballs} Tarballs */
/** @typedef {import('../bootstrap/find-pythons.mjs').Python} Python */

/**
 * @typedef {object} GateOptions
 * @property {Tarballs} tarballs
 * @property {Python | undefined} testedPython Set when `npm test` has just run: what it covered is left out.
 */

/** @param {GateOptions} options @returns {Promise<Gate[]>} */
export async function allGates({ tarballs, testedPython }) {
  return [
    { name: 'build', run: async () => oneCheck(await captureBuild()) },
    commandGate('types', 'tsc', ['--noEmit']),
    commandGate('lint', 'oxlint', ['--type-aware', '--deny-warnings']),
    commandGate('format', 'oxfmt', ['--check']),
    commandGate('unused code and dependencies', 'knip', ['--no-progress']),
    { name: 'type tests', run: () => captureVitest('types') },
    ...(testedPython ? [] : [{ name: 'fast tests', run: () => captureVitest('fast') }]),
    { name: 'slow tests', run: () => captureVitest('slow', { mayBeEmpty: true }) },
    ...(await pythonGates(testedPython)),
    faultsGate,
    pythonTypesGate,
    uvGate,
    datasetToolsGate,
    recorderGate('steps'),
    recorderGate('upload'),
    recorderGate('train'),
    recorderGate('convert'),
    strangerGate,
    { name: 'install all packages by the line of npm run pack', run: () => installAll(tarballs) },
    ...publishablePackages().flatMap((subject) => packageGates(subject, tarballs)),
  ];
}

/** Each fault has tests that passed, in the gates before or in `npm test`; that is the table that is published. @type {Gate} */
const faultsGate = {
  name: 'faults that the bridge survives',
  run: async (earlier) => {
    const found = earlier.flatMap(({ tests = [] }) => tests);
    return await Promise.resolve(checkFaults([...found, ...recordedTests()]));
  },
};

/** What type checkers say to the author of a plugin in Python. @type {Gate} */
const pythonTypesGate = {
  name: 'types as plugin authors get them: Python',
  run: async () => oneCheck(await checkPythonTypes(await requirePython())),
};

/** Python environments of plugins, made by uv. @type {Gate} */
const uvGate = {
  name: 'Python environments that uv makes',
  run: async () => oneCheck(await checkUvEnvironments(await requirePython())),
};

/** Data sets that are written, as the formats' own tools read them. @type {Gate} */
const datasetToolsGate = {
  name: 'data sets as pycocotools and supervision read them',
  run: async () => oneCheck(await checkDatasetTools()),
};

/**
 * The real SDK still does what was recorded of it. Without a Python that it runs on this says so, and fails on CI.
 *
 * @param {'steps' | 'upload' | 'train' | 'convert'} suite @returns {Gate}
 */
const recorderGate = (suite) => ({
  name: `recorded vectors against the Python SDK: ${suite}`,
  run: async () => {
    const args = sourceProgram('apps/vectors/main.ts', suite, '--check-recorder');
    return { ...oneCheck(await captureCommand(process.execPath, args)), shown: true };
  },
});

/** The real SDK gets along with the embedded backend. Without a Python that it runs on this says so, and fails on CI. @type {Gate} */
const strangerGate = {
  name: 'the Python SDK against the embedded backend',
  run: async () => {
    const args = sourceProgram('packages/backend-local/test/python-sdk/main.ts');
    return { ...oneCheck(await captureCommand(process.execPath, args)), shown: true };
  },
};

/** @param {import('../bootstrap/repository.mjs').WorkspacePackage} subject @param {Tarballs} tarballs @returns {Gate[]} */
function packageGates(subject, tarballs) {
  const { name, exports } = subject.manifest;
  const onTarball = (/** @type {string} */ title, /** @type {string} */ command, /** @type {string[]} */ args) => ({
    name: `${title} ${name}`,
    run: async () => commandGate(title, command, [await tarballs.of(name), ...args]).run([]),
  });
  return [
    onTarball('publint', 'publint', ['--strict']),
    // A package without exports is a command that nobody imports: it has no types to look at.
    ...(exports ? [onTarball('types as users get them:', 'attw', ['--profile', 'esm-only', '--no-emoji'])] : []),
    { name: `install ${name}`, run: () => installTest(subject, (packageName) => tarballs.of(packageName)) },
  ];
}
