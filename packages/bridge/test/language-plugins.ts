import { expect, it, onTestFinished } from 'vitest';
import { reasonToSkip, type LanguagePlugin } from '../../../test-fixtures/plugins/five-languages.js';
import { connectPlugin } from '../src/index.js';
import { SHORT_LIMITS } from './open-fixture.js';
import { runSteps } from './run-steps.js';

/** Tries a plugin that was written without any package of ours, as a user's workflow would. */
export function testLanguagePlugin(plugin: LanguagePlugin): void {
  const reason = reasonToSkip(plugin);
  it(`a plugin in ${plugin.language} runs its step, and fails it with a reason`, async ({ skip }) => {
    skip(reason !== undefined, reason);
    const { command, onEnd } = await plugin.prepare();
    onTestFinished(onEnd);
    const session = await connectPlugin({ command }, { name: plugin.language, limits: SHORT_LIMITS });
    onTestFinished(() => session.close());

    const good = await runSteps(session, ['double'], {
      fields: { value: 21, text: 'k\u00f6ln \u{1f680} "\\ \u2028' },
    });
    expect(good.report.status).toBe('succeeded');
    expect(good.context['doubled']).toBe(42);

    const bad = await runSteps(session, ['double'], { fields: { value: 'x' } });
    expect(bad.error?.message).toBe("Step 'double' failed: value must be a number");
  });
}
