import { expect, it } from 'vitest';
import { Probe } from './probe.js';

const serve = (body: string): readonly string[] => [
  process.execPath,
  '--input-type=module',
  '--eval',
  `import { serveProbe } from ${JSON.stringify(new URL('../probes/serve-probe.js', import.meta.url).href)};
   await serveProbe('1.2.3', (request) => { ${body} });`,
];

it('asks a program of its own for one figure after the other', async () => {
  await using probe = await Probe.start({ command: serve('return { value: request.steps * 2 };') });
  expect(probe.version).toBe('1.2.3');
  expect(await probe.measure({ steps: 4 })).toEqual({ value: 8 });
  expect(await probe.measure({ steps: 5 })).toEqual({ value: 10 });
});

it('passes on what went wrong in a measurement, and the probe lives on', async () => {
  await using probe = await Probe.start({
    command: serve('if (request.bad) throw new Error("no such peer"); return { value: 1 };'),
  });
  await expect(probe.measure({ bad: true })).rejects.toThrow('no such peer');
  expect(await probe.measure({})).toEqual({ value: 1 });
});

it('says what a program printed that ended instead of answering', async () => {
  const command = [process.execPath, '--eval', 'console.error("cannot find the peer"); process.exit(3);'];
  await expect(Probe.start({ command })).rejects.toThrow('ended without an answer.\ncannot find the peer');
});

it('says which program could not be started', async () => {
  await expect(Probe.start({ command: ['/does/not/exist'] })).rejects.toThrow('/does/not/exist');
});

it('refuses an answer that is no figure', async () => {
  await using probe = await Probe.start({ command: serve('return { value: "fast" };') });
  await expect(probe.measure({})).rejects.toThrow('Invalid input');
});
