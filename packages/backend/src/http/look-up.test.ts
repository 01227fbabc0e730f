import { expect, it } from 'vitest';

import { BackendError } from '../errors/backend-error.js';
import { sendOrLookUp, type Finding } from './look-up.js';

const lost = new BackendError({ code: 'backend_outcome_unknown', message: 'lost' });
const refused = new BackendError({ code: 'backend_refused', message: 'There is one of that name.', status: 409 });

/** Sends that end so, one after the other, and looks that find this. */
function stage(sends: readonly (BackendError | string)[], looks: readonly (Finding<string> | BackendError)[]) {
  const left = { sends: [...sends], looks: [...looks] };
  const next = <T>(items: (BackendError | T)[]): Promise<T> => {
    const item = items.shift();
    if (item === undefined) return Promise.reject(new Error('nothing more was expected'));
    return BackendError.is(item) ? Promise.reject(item) : Promise.resolve(item);
  };
  const outcome = sendOrLookUp(
    () => next(left.sends),
    () => next(left.looks),
    { retry: { retries: 3, delayMs: 0 }, looks: 1 },
  );
  return { outcome, left };
}

it('a refusal after an answer that was lost is no proof: what was sent first may have been carried out meanwhile', async () => {
  const { outcome, left } = stage([lost, refused], [{ is: 'absent' }, { is: 'there', value: 'late' }]);
  expect(await outcome).toBe('late');
  expect(left).toEqual({ sends: [], looks: [] });
});

it('a refusal after a lost answer is one where nothing is there, and unknown where nobody can tell', async () => {
  await expect(stage([lost, refused], [{ is: 'absent' }, { is: 'absent' }]).outcome).rejects.toBe(refused);
  await expect(stage([lost, refused], [{ is: 'absent' }, { is: 'unclear' }]).outcome).rejects.toMatchObject({
    code: 'backend_outcome_unknown',
  });
  await expect(stage([lost, refused], [{ is: 'absent' }, refused]).outcome).rejects.toMatchObject({
    code: 'backend_outcome_unknown',
  });
});

it('a refusal of what was sent for the first time is believed at once', async () => {
  await expect(stage([refused], []).outcome).rejects.toBe(refused);
});
