// The Python package, and plugins that use it, on each CPython that it is for.
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findPythons, requirePython } from '../bootstrap/find-pythons.mjs';
import { captureCommand } from '../bootstrap/run-command.mjs';
import { oneCheck, orSkipped } from './gate.mjs';
import { runPythonTests } from './python-tests.mjs';
import { captureVitest } from './vitest-run.mjs';

/** @typedef {import('./gate.mjs').Gate} Gate */
/** @typedef {import('./gate.mjs').GateResult} GateResult */
/** @typedef {import('../bootstrap/find-pythons.mjs').Python} Python */

/** Without one of these CI is red, and another machine says what was left out. Further ones are tried where they are. */
export const MANDATORY_PYTHONS = ['3.9', '3.10', '3.11', '3.12', '3.13'];

/** What runs plugins in Python: the conformance kit, and the faults that a version of Python may have a part in. */
const TESTS_WITH_PLUGINS = [
  'packages/conformance/test/conforming.slow.test.ts',
  ...['calls', 'processes', 'stdout', 'values'].map((name) => `packages/bridge/test/faults/${name}.slow.test.ts`),
];

/**
 * @param {Python | undefined} testedPython The one that `npm test` has just tried.
 * @param {() => Promise<{ found: readonly Python[], usual: Python }>} [look] What is on this machine.
 * @returns {Promise<Gate[]>}
 */
export async function pythonGates(testedPython, look = thisMachine) {
  const { found, usual } = await look();
  const missing = MANDATORY_PYTHONS.filter((wanted) => !found.some(({ version }) => version === wanted));
  return [
    ...missing.map(missingGate),
    ...found
      .filter(({ version }) => version !== testedPython?.version)
      .map((python) => ({ name: `Python ${python.version} tests`, run: () => runPythonTests(python) })),
    ...found
      .filter(({ version }) => version !== usual.version) // the slow tests run on that one
      .map((python) => ({ name: `plugins on Python ${python.version}`, run: () => runPluginsOn(python) })),
  ];
}

async function thisMachine() {
  return { found: await findPythons(), usual: await requirePython() };
}

/** @param {string} version @returns {Gate} */
function missingGate(version) {
  const what = `CPython ${version} was not found, so neither the Python package nor plugins were tried on it`;
  const why = `Install it, so that python${version} is on the PATH or among the versions of pyenv.`;
  return {
    name: `Python ${version} tests`,
    run: async () => oneCheck(await orSkipped(what, () => Promise.reject(new Error(`${what}. ${why}`)))),
  };
}

/** Lets `python3` be this interpreter, and runs the tests with plugins in Python. @param {Python} python @returns {Promise<GateResult>} */
async function runPluginsOn(python) {
  const folder = mkdtempSync(join(tmpdir(), 'synapse-steps-python-'));
  try {
    symlinkSync(python.command, join(folder, 'python3'));
    const env = { PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}`, VIRTUAL_ENV: '' };
    await requireVersion(python.version, env);
    const filters = [...TESTS_WITH_PLUGINS, '--testNamePattern', '[Pp]ython'];
    // What the pattern leaves out counts as skipped for vitest; it is not, it was not asked for.
    const { skippedTests: _skipped, ...result } = await captureVitest('slow', { filters, env });
    if (result.passed > 0 || result.failed > 0) return { ...result, skipped: 0 };
    return { ...result, failed: 1, output: `${result.output}\nNot one test has run.` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} wanted @param {Record<string, string>} env */
async function requireVersion(wanted, env) {
  const { output } = await captureCommand('python3', ['-c', 'import sys; print("3.%d" % sys.version_info[1])'], {
    env,
  });
  if (output.trim() !== wanted) throw new Error(`python3 ought to be Python ${wanted}, and says: ${output.trim()}`);
}
