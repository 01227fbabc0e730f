import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FIVE_LANGUAGES } from '../../../test-fixtures/plugins/five-languages.js';
import { checkPlugin } from '../src/index.js';
import { failures, PLUGINS } from './check-fixture.js';
import { testLanguage } from './test-language.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const python = ['env', `PYTHONPATH=${root}packages/python/src`, 'python3', '-m', 'synapse_steps'];
const node = [process.execPath, '--conditions=@synapse-steps/source', '--import', 'tsx'];

/** What only a plugin with every capability shows. */
const EVERYTHING = ['CX-3', 'SK-1', 'UD-2', 'RO-3', 'NO-1', 'NO-2', 'NO-3', 'CA-4', 'CA-5', 'PI-1', 'SH-3'];

describe('a right plugin passes', () => {
  for (const plugin of FIVE_LANGUAGES.filter(({ language }) => language !== 'bash')) testLanguage(plugin);

  it.each([
    ['Python', [...python, `${PLUGINS}conforming.py`]],
    ['Node', [...node, fileURLToPath(new URL('./served-plugin.ts', import.meta.url))]],
  ])('made with our runtime for %s', async (_language, command) => {
    const report = await checkPlugin(command, { cwd: root, patience: 3 });
    expect(failures(report)).toEqual({});
    expect(report.warnings).toEqual([]);
    const kept = report.clauses.filter(({ status }) => status === 'kept').map(({ id }) => id);
    expect(kept).toEqual(expect.arrayContaining(EVERYTHING));
  });
});
