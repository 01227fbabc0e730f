import { expect, test, vi } from 'vitest';
import { Rendezvous } from './rendezvous.js';

test('who is alone waits for nobody', async () => {
  await expect(new Rendezvous().come().arrive()).resolves.toBeUndefined();
});

test('those who are on the way at the same time go on together, and who gives up is not waited for', async () => {
  const meeting = new Rendezvous();
  const [first, second, third] = [meeting.come(), meeting.come(), meeting.come()];
  const order: string[] = [];
  const going = [first, second].map(async (guest, index) => {
    order.push(`arrived ${index}`);
    await guest.arrive();
    order.push(`went on ${index}`);
  });
  await Promise.resolve();
  expect(order).toEqual(['arrived 0', 'arrived 1']);
  third.leave();
  await Promise.all(going);
  expect(order).toEqual(['arrived 0', 'arrived 1', 'went on 0', 'went on 1']);
});

test('who takes long holds up the others once, and not for long', async () => {
  vi.useFakeTimers();
  try {
    const meeting = new Rendezvous();
    const slow = meeting.come();
    const waited = vi.fn<() => void>();
    void meeting.come().arrive().then(waited);
    await vi.advanceTimersByTimeAsync(4);
    expect(waited).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(waited).toHaveBeenCalled();
    await expect(meeting.come().arrive()).resolves.toBeUndefined(); // the slow one is still away
    await expect(slow.arrive()).resolves.toBeUndefined();
  } finally {
    vi.useRealTimers();
  }
});
