import { describe, expect, it } from 'vitest';
import { openScript } from './open-script.js';
import { runSteps } from './run-steps.js';

const TOKEN = 'SUPER"SECRET-VALUE';

describe('a secret', () => {
  it('is hidden across the cut of a long line, in JSON that is printed, and in the names of metrics', async () => {
    const { session } = await openScript(
      `plugin([{ name: 'leak' }], { execute: ({ id }) => {
        const token = ${JSON.stringify(TOKEN)};
        notify('metrics', { id, seq: 1, category: token, metrics: { [token]: 1, loss: 4711 } });
        notify('log', { id, seq: 2, level: 'info', message: 'message' });
        process.stderr.write('x'.repeat(16384 - 10) + token + '\\n' + JSON.stringify({ token }) + '\\n', () => result(id, { success: true }));
      } });`,
      { secrets: { TOKEN, WORD: 'info', NAME: 'message', PIN: '4711' } },
    );
    const { events, report } = await runSteps(session, ['leak']);
    expect(report.status).toBe('succeeded');
    const text = JSON.stringify(events);
    expect(text).not.toMatch(/SUPER|VALUE/);
    expect(text).toContain('{\\"token\\":\\"[secret TOKEN]\\"}');
    expect(events.find((event) => event.type === 'step-metric')).toMatchObject({
      category: '[secret TOKEN]',
      metrics: { '[secret TOKEN]': 1, loss: 4711 },
    });
    expect(events.filter((event) => event.type === 'step-log')).toContainEqual(
      expect.objectContaining({ level: 'info', message: '[secret NAME]' }),
    );
  });
});
