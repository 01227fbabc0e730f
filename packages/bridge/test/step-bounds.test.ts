import { describe, expect, it } from 'vitest';
import { errorOf } from './open-fixture.js';
import { openScript } from './open-script.js';

const ASKS = `plugin([{ name: 'work', hang_timeout_ms: 1 }], {});`;

describe('a plugin whose step asks for more than it may', () => {
  it('is refused, with words about which step it is and what to change', async () => {
    expect(await errorOf(openScript(ASKS))).toMatchObject({
      code: 'protocol_violation',
      message: expect.stringMatching(
        /a step 'work' that asks for a hang_timeout_ms of 1; give it 30000 or more/,
      ) as string,
    });
  });

  it('is taken by a host that allows it', async () => {
    const { session } = await openScript(ASKS, { limits: { minHangTimeoutMs: 1 } });
    expect(session.steps[0]?.hang_timeout_ms).toBe(1);
  });
});
