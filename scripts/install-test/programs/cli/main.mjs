// The installed command runs a workflow with a step in TypeScript and one in Python, and speaks JSON.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

/** @param {string[]} args */
function synapseSteps(...args) {
  const { status, stdout, stderr } = spawnSync('node_modules/.bin/synapse-steps', args, {
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

const described = synapseSteps('describe', 'workflow.yaml');
assert.equal(described.status, 0, described.stderr);
assert.match(described.stdout, /greet[^]*count/);

const run = synapseSteps('run', 'workflow.yaml', '--param', 'who=small world', '--json');
assert.equal(run.status, 0, run.stderr);
const events = run.stdout
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));
assert.deepEqual(
  events.map(({ seq }) => seq),
  events.map((_, index) => index + 1),
);
assert.deepEqual(events.find(({ type, step }) => type === 'step-end' && step === 'count')?.data, { words: 3 });
assert.equal(events.at(-1).type, 'run-end');
assert.equal(events.at(-1).report.success, true);

assert.equal(synapseSteps('run', 'missing.yaml').status, 2);
console.log(`described a workflow, ran it with ${events.length} events, refused a file that does not exist`);
