import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readTranscript } from '@synapse-steps/bridge/transcript';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FIVE_LANGUAGES, reasonToSkip } from '../../../test-fixtures/plugins/five-languages.js';
import { replayAsHost } from '../src/index.js';
import { PLUGINS } from './check-fixture.js';
import {
  DOUBLE_RUNS,
  GOLDEN_RUNS,
  HOST_RUNS,
  PLUGIN_RUNS,
  goldenFile,
  goldenTranscript,
  hostAgainst,
  runGolden,
  scratchFolder,
  TYPESCRIPT,
} from './golden-run.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const python = [
  'env',
  `PYTHONPATH=${root}packages/python/src`,
  'python3',
  '-m',
  'synapse_steps',
  `${PLUGINS}golden.py`,
];
const node = [...TYPESCRIPT, fileURLToPath(new URL('golden-served.ts', import.meta.url))];
const options = { cwd: root, patience: 3 };

describe('golden transcripts', () => {
  it('are all replayed', () => {
    const files = readdirSync(new URL('../../../test-fixtures/protocol/transcripts/', import.meta.url));
    const runs = Object.keys({ ...GOLDEN_RUNS, ...DOUBLE_RUNS, ...HOST_RUNS });
    const names = [...runs, ...PLUGIN_RUNS].map((name) => `${name}.ndjson`);
    expect(files.filter((file) => file.endsWith('.ndjson')).toSorted()).toEqual(names.toSorted());
  });

  it.each(Object.entries({ ...GOLDEN_RUNS, ...DOUBLE_RUNS, ...HOST_RUNS }))(
    '%s: our host says what stands there',
    async (name, run) => {
      expect(await hostAgainst(goldenFile(name), run)).toEqual([]);
    },
  );

  for (const [language, command] of [
    ['Python', python],
    ['Node', node],
  ] as const) {
    it.each([...Object.keys(GOLDEN_RUNS), ...PLUGIN_RUNS])(
      `%s: our runtime for ${language} answers what stands there`,
      async (name) => {
        expect(await replayAsHost(goldenTranscript(name), command, options)).toEqual([]);
      },
    );
  }

  for (const plugin of FIVE_LANGUAGES) {
    const reason = reasonToSkip(plugin);
    it(`a plugin in ${plugin.language}, without a runtime, answers what stands there`, async ({ skip }) => {
      skip(reason !== undefined, reason);
      const { command, onEnd } = await plugin.prepare();
      onTestFinished(onEnd);
      for (const name of Object.keys(DOUBLE_RUNS)) {
        expect(await replayAsHost(goldenTranscript(name), command, options), name).toEqual([]);
      }
    });
  }
});

describe('a recording of a real run', () => {
  it('can be replayed in both directions, as it is', async () => {
    const file = join(await scratchFolder(), 'run.ndjson');
    const run = { steps: ['train', 'evaluate', 'register'] };
    await runGolden(python, run, file);
    const recording = readTranscript(readFileSync(file, 'utf8'));
    expect(recording.length).toBeGreaterThan(15);
    expect(await replayAsHost(recording, python, options)).toEqual([]);
    expect(await hostAgainst(file, run)).toEqual([]);
  });
});

describe('what differs from a transcript', () => {
  it('is said of a plugin, with the place', async () => {
    const changed = JSON.stringify(goldenTranscript('double')).replace('"value":42', '"value":43');
    const problems = await replayAsHost(readTranscript(asLines(changed)), ['bash', `${PLUGINS}bash/plugin.sh`]);
    expect(problems).toEqual(['entry 7: of the answer to the request 3, /result/patch/0/value is 42, not 43']);
  });

  it('is said with its reason behind a file, which is not in a transcript', async () => {
    const reference = `{"$file":"session/table","bytes":2,"sha256":"${'0'.repeat(64)}","media":"application/json"}`;
    const changed = JSON.stringify(goldenTranscript('double')).replace('"value":21', `"value":${reference}`);
    const problems = await replayAsHost(readTranscript(asLines(changed)), ['bash', `${PLUGINS}bash/plugin.sh`]);
    expect(problems.at(0)).toMatch(/^entry 7: of the answer to the request 3, /);
    expect(problems.at(-1)).toBe(
      'entry 6 names a file of the exchange folder at /params/context/full/value: a transcript holds no files, so what depends on it cannot be replayed; record the run with smaller values',
    );
  });

  it('is said of a plugin that is silent, says too much or ends otherwise', async () => {
    const command = ['bash', `${PLUGINS}bash/plugin.sh`];
    const double = goldenTranscript('double');
    const note = {
      t: 0,
      process: 1,
      dir: 'p>h' as const,
      within: 50,
      frame: { jsonrpc: '2.0', method: 'x', params: { id: 2 } },
    };
    expect(await replayAsHost(double.toSpliced(6, 0, note), command)).toEqual([
      "entry 7: 'x' did not come within 50 ms",
    ]);
    const rest = await replayAsHost(double.toSpliced(6, 1), command);
    expect(rest).toEqual([expect.stringMatching(/^it also wrote .*doubled/) as string]);
    const exit = { t: 0, process: 1, dir: 'exit' as const, code: 5, signal: null };
    expect(await replayAsHost([...double.slice(0, -1), exit], command)).toEqual([
      'entry 11: it ended with 0, not with 5',
    ]);
  });

  it('is said of a host', async () => {
    const file = join(await scratchFolder(), 'changed.ndjson');
    const changed = JSON.stringify(goldenTranscript('execute')).replace('"untouched":"ä"', '"untouched":"a"');
    writeFileSync(file, asLines(changed));
    const [first] = await hostAgainst(file, { steps: ['train'] });
    expect(first).toBe('entry 6: of the request \'execute\', /params/context/full/untouched is "ä", not "a"');
  });

  it('is said of a plugin that dies, at once', async () => {
    const problems = await replayAsHost(goldenTranscript('double'), ['bash', `${PLUGINS}exits-at-once.sh`]);
    expect(problems).toEqual(['entry 4: the answer to the request 1 did not come before the other side ended']);
  });
});

function asLines(list: string): string {
  return (JSON.parse(list) as unknown[]).map((entry) => JSON.stringify(entry)).join('\n');
}
