import { describe, expect, it } from 'vitest';

import { rejection, startBackend } from '../test/start-backend.js';

describe('an abort', () => {
  it('ends a request that is under way with the signal’s own reason', async () => {
    const { backend, server } = await startBackend({ faults: [{ method: 'GET', path: '/projects/7/', silent: true }] });
    const controller = new AbortController();
    const reason = new Error('no longer needed');
    const call = rejection(backend.projects.get(7, { signal: controller.signal }));
    await expect.poll(() => server.requests).toHaveLength(1);
    controller.abort(reason);
    expect(await call).toBe(reason);
  });

  it('ends a pause before the next try', async () => {
    const { backend, server } = await startBackend(
      { faults: [{ method: 'GET', path: '/projects/7/', status: 503, headers: { 'Retry-After': '60' } }] },
      { retryDelayMs: 60_000 },
    );
    const controller = new AbortController();
    const call = rejection(backend.projects.get(7, { signal: controller.signal }));
    await expect.poll(() => server.requests).toHaveLength(1);
    controller.abort('stop');
    expect(await call).toBe('stop');
  });

  it('ends an upload whose file hangs', async () => {
    const { backend } = await startBackend();
    const controller = new AbortController();
    const hanging = {
      name: 'hangs',
      size: 10,
      async *read() {
        controller.abort('give up');
        yield await new Promise<Uint8Array>(() => {});
      },
    };
    expect(await rejection(backend.dataFiles.upload(hanging, { signal: controller.signal }))).toBe('give up');
  });

  it('that came before keeps the request from being sent', async () => {
    const { backend, server } = await startBackend();
    expect(await rejection(backend.projects.get(7, { signal: AbortSignal.abort('early') }))).toBe('early');
    expect(server.requests).toEqual([]);
  });

  it('leaves no listener on a signal that goes on', async () => {
    const { backend } = await startBackend();
    const controller = new AbortController();
    const added: string[] = [];
    const { signal } = controller;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => (added.push(args[0]), add(...args));
    signal.removeEventListener = (...args: Parameters<typeof remove>) => (added.pop(), remove(...args));
    for (let count = 0; count < 3; count += 1) await backend.projects.get(7, { signal });
    expect(added).toEqual([]);
  });
});
