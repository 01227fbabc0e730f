import { expect, it } from 'vitest';
import { openScript } from '../../test/open-script.js';
import type { PluginPeer } from './plugin-peer.js';

const request = { method: 'execute', step: 'work' } as const;

it('is the process that serves the call, and another one once that was started again', async () => {
  const { session } = await openScript(`
    plugin([{ name: 'work' }], { execute: ({ id, params }) => params.die ? process.exit(3) : result(id, { success: true }) });`);
  const peers: PluginPeer[] = [];
  const call = (die: boolean) =>
    session.call({ ...request, params: (peer) => (peers.push(peer), { die }) }).catch((error: unknown) => error);
  await call(false);
  await call(true);
  await call(false);
  const [first, same, other] = peers;
  expect(first?.capabilities).toMatchObject({ max_in_flight: 1 });
  expect(same).toBe(first);
  expect(other).not.toBe(first);
});

it('gets nothing, and its turn ends, when the params cannot be made', async () => {
  const { session } = await openScript(`
    plugin([{ name: 'work' }], { execute: ({ id, params }) => result(id, { success: true, data: params }) });`);
  const problem = new Error('no such value');
  const params = () => {
    throw problem;
  };
  await expect(session.call({ ...request, params })).rejects.toBe(problem);
  expect(await session.call({ ...request, params: { n: 2 } })).toMatchObject({ data: { n: 2 } });
});
