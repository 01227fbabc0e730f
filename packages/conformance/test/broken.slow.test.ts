import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PLUGIN_CLAUSES } from '../src/index.js';
import { brokenClauses, checkFixture, PLUGINS } from './check-fixture.js';

/** Deliberately broken plugins; the first line of each names the clauses that it breaks. */
const broken = readdirSync(PLUGINS)
  .filter((file) => /^broken-.*\.mjs$/.test(file))
  .map((file) => ({ file, clauses: clausesOf(file) }));

describe('a plugin that breaks a clause fails, and is told which', () => {
  it.each(broken)('$file: $clauses', async ({ file, clauses }) => {
    const report = await checkFixture(file);
    expect(report.passed).toBe(false);
    expect(brokenClauses(report).toSorted()).toEqual(clauses.toSorted());
  });

  it('there is one for each group of clauses', () => {
    const groups = new Set(broken.flatMap(({ clauses }) => clauses.map((id) => id.slice(0, 2))));
    const tried = PLUGIN_CLAUSES.filter(({ untried }) => untried === undefined).map(({ id }) => id.slice(0, 2));
    expect([...groups].toSorted()).toEqual([...new Set(tried)].toSorted());
  });
});

function clausesOf(file: string): string[] {
  const [first = ''] = readFileSync(`${PLUGINS}${file}`, 'utf8').split('\n');
  return first.match(/[A-Z]{2}-\d+/g) ?? [];
}
