import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { tryScenarios } from '../src/check-plugin.js';
import { formatReport } from '../src/index.js';
import { ALL_SCENARIOS } from '../src/scenarios/all-scenarios.js';
import { brokenClauses } from './check-fixture.js';
import { scratchPlugin } from './scratch-plugin.js';

const lineFeed = `process.stdout.write('\\n');`;
const mismatch = `send({ id, error: { code: 1011, message: 'only 1', data: { supported: [1] } } })`;
const initialize = `(id, params) => (params.protocol_versions.includes(1) ? RIGHT.initialize(id, params) : ${mismatch})`;

/** What is advised, a scenario that sees it, and a plugin that follows it or does not. */
const ADVICE: readonly (readonly [clause: string, scenario: string, plugins: { ignores: string; follows: string }])[] =
  [
    [
      'FR-6',
      'execute',
      { ignores: `serve({ work: (id) => answer(id, { success: true, data: { a: 'ä' } }) });`, follows: `serve();` },
    ],
    ['FR-7', 'execute', { ignores: `serve();`, follows: `${lineFeed} serve();` }],
    ['IN-3', 'no-common-version', { ignores: `serve();`, follows: `serve({ initialize: ${initialize} });` }],
    [
      'EX-2',
      'unknown-step',
      { ignores: `serve({ unknownStep: (id) => refuse(id, -32602, 'no') });`, follows: `serve();` },
    ],
    [
      'PC-3',
      'by-hand',
      {
        ignores: `serve();`,
        follows: `if (process.env.STEP_PROTOCOL_SESSION === undefined) { console.error('start it from a host'); process.exit(64); } serve();`,
      },
    ],
  ];

describe('advice that is not followed', () => {
  it.each(ADVICE)('%s, in %s: a warning, and no failure', async (clause, name, { ignores, follows }) => {
    const warned = await tryOne(name, ignores);
    expect(warned.passed).toBe(true);
    expect(warned.warnings.map((warning) => warning.clause)).toContain(clause);
    expect(brokenClauses(warned)).toEqual([]);
    const text = formatReport(warned).join('\n');
    expect(text).toMatch(new RegExp(`Advice that it does not follow, which is no failure:\n(?:.*\n)* {4}${clause}: `));
    const fine = await tryOne(name, follows);
    expect(fine.warnings.map((warning) => warning.clause)).not.toContain(clause);
    expect(fine.clauses.find(({ id }) => id === clause)?.status).toBe('kept');
  });

  it('says of what cannot be tried why', async () => {
    const report = await tryOne('execute', `serve();`);
    expect(formatReport(report).join('\n')).toMatch(/untried .*\n(?:.*\n)* {13}a permission: EN-11 FI-10\n/);
    expect(report.clauses.find(({ id }) => id === 'ST-2')?.reason).toBe('only the author knows what it starts');
  });

  it('stands apart from the clauses that are kept', async () => {
    const { clauses } = await tryOne('execute', `serve();`);
    const advice = clauses.filter(({ isAdvice }) => isAdvice).map(({ id, status }) => `${id} ${status}`);
    expect(advice).toEqual(['FR-6 kept', 'FR-7 not-followed', 'ER-3 untried', 'ST-2 untried', 'PC-3 not-seen']);
  });
});

it('the session of initialize is the one in the environment', async () => {
  const report = await tryOne(
    'describe-twice',
    `serve({ initialize: (id, params) => (params.session === process.env.STEP_PROTOCOL_SESSION ? RIGHT.initialize(id, params) : process.exit(1)) });`,
  );
  expect(report.scenarios.map(({ status }) => status)).toEqual(['passed', 'passed']);
});

describe('a process that is left behind', () => {
  it('is named and ended', async () => {
    const seconds = String(600 + Math.random());
    const spawn = `(await import('node:child_process')).spawn('sleep', ['${seconds}'], { detached: true, stdio: 'ignore' })`;
    const report = await tryOne(
      'execute',
      `serve({ work: async (id) => { ${spawn}; answer(id, { success: true }); } });`,
    );
    const [problem] = report.scenarios[1]?.problems ?? [];
    expect(problem).toEqual({ clause: 'SH-5', text: `it left a process behind, which runs on: sleep ${seconds}` });
    expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain(`sleep ${seconds}`);
  });
});

async function tryOne(name: string, plugin: string) {
  const chosen = ALL_SCENARIOS.filter((scenario, index) => index === 0 || scenario.name === name);
  return await tryScenarios(chosen, await scratchPlugin(plugin), { patience: 0.5 });
}
