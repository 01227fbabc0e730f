import { describe, expect, it } from 'vitest';
import { openScript } from '../../test/open-script.js';
import { runSteps } from '../../test/run-steps.js';

/** Every request of a step is told on stderr. */
const plugin = (capabilities: unknown): string => `
  const told = ({ id, method }, answer) => { console.error('asked for', method); result(id, answer); };
  plugin([{ name: 'work', rollback: true, can_skip: true }], {
    can_skip: (message) => told(message, { skip: false }),
    execute: (message) => told(message, { success: false, error: 'not today' }),
    rollback: (message) => told(message, { outcome: 'undone' }),
  }, ${JSON.stringify(capabilities)});`;

async function askedOf(capabilities: unknown) {
  const { session, log } = await openScript(plugin(capabilities));
  const { events, report } = await runSteps(session, ['work']);
  const asked = events.flatMap((event) =>
    event.type === 'step-log' ? (event.message?.match(/(?<=asked for )\w+/g) ?? []) : [],
  );
  return { asked, log, undo: report.rollback?.steps[0]?.outcome, step: session.step('work') };
}

describe('what a plugin says that it cannot do', () => {
  it('is not asked of its steps, whatever they say, and the contradiction is told', async () => {
    const { asked, log, undo, step } = await askedOf({ rollback: false, can_skip: false });
    expect(asked).toEqual(['execute']);
    expect(step.hasRollback).toBe(false);
    expect(undo).toBe('nothing-to-undo');
    expect(log).toEqual([
      expect.objectContaining({
        level: 'warning',
        message: expect.stringContaining("no 'rollback' and 'can_skip'") as string,
      }),
    ]);
  });

  it('is one thing and not the other', async () => {
    expect((await askedOf({ rollback: false })).asked).toEqual(['can_skip', 'execute']);
    expect((await askedOf({ can_skip: false })).asked).toEqual(['execute', 'rollback']);
  });

  it('is nothing when it is left out: then each step says it for itself', async () => {
    const { asked, log, undo } = await askedOf({ ping: true });
    expect(asked).toEqual(['can_skip', 'execute', 'rollback']);
    expect(undo).toBe('undone');
    expect(log).toEqual([]);
  });
});
