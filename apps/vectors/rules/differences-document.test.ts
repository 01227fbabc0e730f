import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { suites } from '../suites/suites.js';
import { renderDifferences } from './differences-document.js';

it.each(suites)('$name: is current in the documentation', ({ page }) => {
  // When this fails: npm run vectors -- NAME --write-document
  expect(readFileSync(page.path, 'utf8')).toBe(renderDifferences(page));
});

it.each(suites)('$name: has each rule once', ({ page, rules }) => {
  const ids = rules.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(renderDifferences(page)).toContain(`\n## ${id}`);
});
