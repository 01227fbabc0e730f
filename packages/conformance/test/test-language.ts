import { expect, it, onTestFinished } from 'vitest';
import { type LanguagePlugin, reasonToSkip } from '../../../test-fixtures/plugins/five-languages.js';
import { checkPlugin } from '../src/index.js';
import { failures } from './check-fixture.js';

/** Checks a plugin that was written from the specification alone. */
export function testLanguage(plugin: LanguagePlugin): void {
  const reason = reasonToSkip(plugin);
  it(`written in ${plugin.language}, without any package`, async ({ skip }) => {
    skip(reason !== undefined, reason);
    const { command, onEnd } = await plugin.prepare();
    onTestFinished(onEnd);
    const report = await checkPlugin(command, { context: { value: 21 }, patience: 3 });
    expect(failures(report)).toEqual({});
    expect(report.clauses.find(({ id }) => id === 'CX-3')?.status).toBe('kept');
  });
}
