import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tryScenarios } from '../src/check-plugin.js';
import { PLUGIN_CLAUSES } from '../src/index.js';
import { ALL_SCENARIOS } from '../src/scenarios/all-scenarios.js';
import { brokenClauses, PLUGINS } from './check-fixture.js';
import { scratchPlugin } from './scratch-plugin.js';

const nested = `'['.repeat(70) + ']'.repeat(70)`;
const frame = (data: string): string => `'{"jsonrpc":"2.0","method":"_x/y","params":{"data":' + ${data} + '}}'`;
const finish = `answer(id, { success: true })`;
/** Starts a program in a process group of its own, where the end of the plugin's does not reach it. */
const runaway = `const { spawn } = await import('node:child_process'); const runaway = () => spawn('sleep', ['600'], { detached: true, stdio: 'ignore' }).unref();`;

/** Says that it takes files. */
const takesFiles = `answer(id, { protocol_version: 1, capabilities: { ...RIGHT.capabilities, files: true } })`;
/** The same, and takes the first one away. */
const tidy = `const { rmSync } = await import('node:fs'); let at; let calls = 0; const initialize = (id, params) => { at = params.exchange_dir; ${takesFiles}; }; const tidy = () => rmSync(at + '/good', { force: true });`;

const refuseFile = `send({ id, error: { code: 1012, message: 'no', data: { pointer: '/context/full/_conformance' } } })`;
/** Takes files as it should, but for these names, and then does `${last}` where it is given none. */
const taking = (names: string, last = finish): string =>
  `${tidy} serve({ initialize, work: (id, { context: { full: { _conformance: given } } }) => { if (given === undefined) return ${last}; tidy(); if (!${names}.includes(given.$file) || given.sha256.startsWith('000')) return ${refuseFile}; ${finish}; } });`;
const reference = `{ $file: 'other', bytes: 1, sha256: '0'.repeat(64), media: 'text/plain' }`;

const multiplexed = `(id) => answer(id, { protocol_version: 1, capabilities: { ...RIGHT.capabilities, max_in_flight: 3 } })`;

/** A clause, the scenario that tries it, and a plugin that breaks it. */
const BREACHES: readonly (readonly [clause: string, scenario: string, plugin: string])[] = [
  [
    'FR-1',
    'execute',
    `serve({ work: (id) => { writeLine('\\ufeff{"jsonrpc":"2.0","id":1,"result":{}}'); ${finish}; } });`,
  ],
  ['FR-2', 'line-ends', `serve({ lineEnd: /\\r?\\n|\\r|\\u2028|\\u0085/ });`],
  ['FR-3', 'one-mebibyte', `serve({ takes: (line) => line.length < 65536 });`],
  ['FR-3', 'execute', `serve({ work: (id) => answer(id, { success: true, data: { text: 'x'.repeat(9_000_000) } }) });`],
  ['FR-4', 'end-of-input', `serve({ ended: () => process.stdout.write('{"jsonrpc"', () => process.exit(0)) });`],
  ['EN-1', 'execute', `serve({ work: (id) => { writeLine('{"result":1}'); ${finish}; } });`],
  ['EN-3', 'execute', `serve({ work: (id) => { send({ id: 1, method: 'ping' }); ${finish}; } });`],
  ['EN-4', 'execute', `serve({ work: () => undefined });`],
  [
    'EN-5',
    'unknown-fields',
    `serve({ describe: (id, params) => ('_later' in params ? refuse(id, -32602, 'no') : answer(id, { steps: RIGHT.steps })) });`,
  ],
  ['EN-6', 'unknown-notifications', `serve({ unknownNotification: () => process.exit(1) });`],
  ['EN-7', 'unknown-method', `serve({ unknownMethod: (id) => answer(id, {}) });`],
  ['EN-7', 'unknown-method', `serve({ unknownMethod: (id) => refuse(id, -32600, 'no') });`],
  ['EN-8', 'execute', `serve({ work: (id) => { send({ method: 'progress', params: { id, seq: 0 } }); ${finish}; } });`],
  ['EN-9', 'pieces', `serve({ takes: (_line, at) => at < 20 });`],
  ['VA-1', 'execute', `serve({ work: (id) => { writeLine(${frame(nested)}); ${finish}; } });`],
  ['VA-2', 'execute', `serve({ work: (id) => { writeLine(${frame(`'1e400'`)}); ${finish}; } });`],
  ['VA-3', 'execute', `serve({ work: (id) => { writeLine(${frame(`'{"__proto__":1}'`)}); ${finish}; } });`],
  ['IN-1', 'handshake', `send({ method: 'log', params: {} }); serve();`],
  ['IN-2', 'handshake', `serve({ initialize: (id) => answer(id, { protocol_version: 2 }) });`],
  [
    'IN-3',
    'no-common-version',
    `serve({ initialize: (id, params) => (params.protocol_versions.includes(1) ? RIGHT.initialize(id, params) : process.exit(1)) });`,
  ],
  ['IN-4', 'handshake', `serve({ describe: () => undefined });`],
  [
    'IN-5',
    'handshake',
    `serve({ initialize: (id) => answer(id, { protocol_version: 1, capabilities: { ping: 'yes' } }) });`,
  ],
  [
    'IN-7',
    'secrets',
    `serve({ initialize: (id, params) => { console.error(params.secrets); RIGHT.initialize(id, params); } });`,
  ],
  ['DE-1', 'handshake', `serve({ describe: (id) => answer(id, { steps: [{ title: 'no name' }] }) });`],
  [
    'DE-5',
    'handshake',
    `serve({ describe: (id) => answer(id, { steps: [...RIGHT.steps, { name: 'a', step_params: { $ref: 'https://example.org' } }] }) });`,
  ],
  [
    'DE-6',
    'handshake',
    `serve({ describe: (id) => answer(id, { steps: [...RIGHT.steps, { name: 'a', hang_timeout_ms: 1 }] }) });`,
  ],
  [
    'CX-2',
    'fresh-process',
    `let calls = 0; serve({ work: (id) => ((calls += 1) > 1 ? ${finish} : refuse(id, 1009, 'who are you?')) });`,
  ],
  ['VA-7', 'execute', `serve({ work: (id) => answer(id, { success: true, data: { n: { $int: '1e3' } } }) });`],
  ['VA-7', 'execute', `serve({ work: (id) => { notify('undo', id, { data: { b: { $bytes: 'a' } } }); ${finish}; } });`],
  ['VA-8', 'execute', `serve({ work: (id) => answer(id, { success: true, data: { a: { $int: 'x', b: 1 } } }) });`],
  ['FI-1', 'execute', `serve({ work: (id) => answer(id, { success: true, data: { a: [{ $file: '/x' }] } }) });`],
  ['FI-1', 'files', taking(`['good']`, `answer(id, { success: true, data: { a: ${reference} } })`)],
  [
    'FI-3',
    'execute',
    `serve({ work: (id) => answer(id, { success: true, patch: [{ op: 'add', path: '/a', value: ${reference} }] }) });`,
  ],
  ['FI-4', 'files', `serve({ initialize: (id) => ${takesFiles} });`],
  ['FI-6', 'files', taking(`['good', 'large']`)],
  ['FI-5', 'files', `${tidy} serve({ initialize, work: (id) => { tidy(); ${finish}; } });`],
  [
    'FI-7',
    'files',
    `${tidy} serve({ initialize, work: (id) => { tidy(); if ((calls += 1) > 1) return refuse(id, 1001, 'no'); ${finish}; } });`,
  ],
  ['UD-1', 'undo-waits', `serve({ 'conformance-saves-undo': (id) => answer(id, { success: true, undo: { a: 1 } }) });`],
  ['UD-1', 'execute', `serve({ work: (id) => { notify('undo', id, { data: [1] }); ${finish}; } });`],
  ['RO-1', 'rollback', `serve({ rollback: (id) => answer(id, { outcome: 'perhaps' }) });`],
  ['RO-2', 'rollback', `serve({ rollback: (id) => answer(id, { outcome: 'failed', error: 'what step?' }) });`],
  ['RO-2', 'rollback-without-data', `serve({ rollback: (id) => refuse(id, 1001, 'no undo data') });`],
  ['CA-2', 'cancel-running', `serve({ cancel: (id) => refuse(id, 1000, 'stopped') });`],
  ['CA-3', 'cancel-nothing', `serve({ cancel: (id) => running.has(id) || process.exit(1) });`],
  [
    'CA-5',
    'cancel-running',
    `let over = false; serve({ cancel: (id) => { over = true; RIGHT.cancel(id); }, describe: (id) => (over ? refuse(id, 1006, 'no more') : answer(id, { steps: RIGHT.steps })) });`,
  ],
  ['PI-1', 'ping-busy', `serve({ ping: (id) => (running.size > 0 ? undefined : answer(id, {})) });`],
  [
    'PC-6',
    'multiplexed',
    `serve({ initialize: ${multiplexed}, work: (id) => (running.size > 0 ? undefined : ${finish}) });`,
  ],
  [
    'PC-6',
    'multiplexed',
    `serve({ initialize: ${multiplexed}, cancel: () => [...running.keys()].forEach((id) => RIGHT.cancel(id)) });`,
  ],
  [
    'PC-9',
    'end-behind-call',
    `let isBusy = false; serve({ work: (id) => { isBusy = true; ${finish}; }, ended: () => process.exit(isBusy ? 1 : 0) });`,
  ],
  ['SH-5', 'execute', `${runaway} serve({ work: (id) => { runaway(); ${finish}; } });`],
  ['SH-3', 'host-gone', `serve({ ended: () => running.size === 0 && process.exit(0) });`],
];

describe('a breach of each clause is found, and told as a breach of that clause', () => {
  it.each(BREACHES)('%s, in %s: %s', async (clause, name, plugin) => {
    const chosen = ALL_SCENARIOS.filter((scenario, index) => index === 0 || scenario.name === name);
    const report = await tryScenarios(chosen, await scratchPlugin(plugin), { patience: 0.15 });
    expect(report.passed).toBe(false);
    expect(brokenClauses(report)).toContain(clause);
  });

  it('several calls at a time: one that keeps that passes', async () => {
    const chosen = ALL_SCENARIOS.filter(({ name }, index) => index === 0 || name === 'multiplexed');
    const report = await tryScenarios(chosen, await scratchPlugin(`serve({ initialize: ${multiplexed} });`), {});
    expect(report).toMatchObject({ passed: true });
    expect(report.clauses.find(({ id }) => id === 'PC-6')?.status).toBe('kept');
  });

  it('no clause that is tried is without one', () => {
    const files = readdirSync(PLUGINS).filter((file) => file.startsWith('broken-'));
    const first = files.map((file) => readFileSync(`${PLUGINS}${file}`, 'utf8').split('\n', 1)[0] ?? '');
    const shown = new Set([
      ...first.flatMap((line) => line.match(/[A-Z]{2}-\d+/g) ?? []),
      ...BREACHES.map(([id]) => id),
    ]);
    const tried = PLUGIN_CLAUSES.filter(({ untried, isAdvice }) => untried === undefined && isAdvice !== true).map(
      ({ id }) => id,
    );
    expect(tried.filter((id) => !shown.has(id))).toEqual([]);
  });
});
