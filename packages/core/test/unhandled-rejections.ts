import { afterEach, beforeEach } from 'vitest';

import { afterMicrotasks } from './settle-in-time.js';

declare const process: {
  on(event: 'unhandledRejection', listener: (reason: unknown) => void): void;
  off(event: 'unhandledRejection', listener: (reason: unknown) => void): void;
};

/** Fails each test of the file during which a promise was rejected that nobody handled: in a host that is a crash. */
export function refuseUnhandledRejections(): void {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  beforeEach(() => {
    unhandled.length = 0;
    process.on('unhandledRejection', note);
  });
  afterEach(async () => {
    await afterMicrotasks(); // only then does the host tell
    process.off('unhandledRejection', note);
    if (unhandled.length > 0)
      throw new Error(`${unhandled.length} rejections were not handled`, { cause: unhandled[0] });
  });
}
