import { chmod } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it, vi } from 'vitest';

import { temporaryFolder, type TemporaryFolder } from '../../test/temporary-folder.js';
import { checkFrameRate, type CheckFrameRateOptions, type FrameRateReport } from './check-frame-rate.js';

const specifications = [
  { name: 'films', is_required: true, file_type: 'video' },
  { name: 'images', is_required: false, file_type: 'image' },
];

/** A program that is called like `ffprobe`; `$input` is the file that it is asked about. */
async function fakeProbe(folder: TemporaryFolder, script: string): Promise<string> {
  const path = await folder.write('ffprobe', `#!/bin/sh\nfor input; do :; done\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

const rates = (base: string, average: string): string =>
  `echo '{"programs":[],"streams":[{"r_frame_rate":"${base}","avg_frame_rate":"${average}"}]}'`;

async function check(
  script: string,
  files: Record<string, string> = { films: '/set/a.mp4' },
  more: Partial<CheckFrameRateOptions> = {},
): Promise<FrameRateReport> {
  await using folder = await temporaryFolder();
  const ffprobe = await fakeProbe(folder, script);
  return await checkFrameRate([{ key: 'a', files, meta: {} }], { specifications, ffprobe, ...more });
}

it.each([
  ['30/1', '30/1'],
  ['30000/1001', '29970/1000'],
])('lets a video be that has %s frames a second, on average %s', async (base, average) => {
  expect(await check(rates(base, average))).toEqual({ problems: [], warnings: [] });
});

it('tells of a video whose frame rate varies', async () => {
  expect(await check(rates('60/1', '2997/100'))).toEqual({
    problems: [
      'File group "a": video "a.mp4" has a variable frame rate (60.00 frames a second by its header, 29.97 on average); convert it to a constant one',
    ],
    warnings: [],
  });
});

it.each([
  ['exit 3', 'ffprobe exited with code 3'],
  ['echo no json', 'ffprobe names no frame rate'],
  [`echo '{"streams":[]}'`, 'ffprobe names no frame rate'],
  [rates('0/0', '0/0'), 'ffprobe names no frame rate'],
  ['yes', 'ffprobe says too much'],
])('only warns when the analysis fails: %s', async (script, why) => {
  const { problems, warnings } = await check(script);
  expect(problems).toEqual([]);
  expect(warnings).toEqual([`Frame rate of "a.mp4" was not checked: ${why}`]);
});

it('ends a program that takes too long', async () => {
  const { warnings } = await check('exec sleep 60', undefined, { timeoutMs: 200 });
  expect(warnings).toEqual(['Frame rate of "a.mp4" was not checked: ffprobe took longer than 0.2 s']);
});

it('ends the program when it is told to stop', async () => {
  await using folder = await temporaryFolder();
  const ffprobe = await fakeProbe(folder, 'exec sleep 60');
  const controller = new AbortController();
  const checking = checkFrameRate([{ key: 'a', files: { films: '/a.mp4' }, meta: {} }], {
    specifications,
    ffprobe,
    signal: controller.signal,
  });
  controller.abort(new Error('enough'));
  await expect(checking).rejects.toThrow('enough');
});

it('warns once when there is no ffprobe, and says nothing where there is no video', async () => {
  const groups = ['a', 'b', 'c', 'd'].map((key) => ({ key, files: { films: `/${key}.mp4` }, meta: {} }));
  const ffprobe = join(import.meta.dirname, 'no-such-program');
  expect(await checkFrameRate(groups, { specifications, ffprobe })).toEqual({
    problems: [],
    warnings: ['Frame rates of 4 videos were not checked: ffprobe is not installed'],
  });
  const pictures = [{ key: 'a', files: { images: '/a.jpg' }, meta: {} }];
  expect(await checkFrameRate(pictures, { specifications, ffprobe })).toEqual({ problems: [], warnings: [] });
});

it('hands the path over as it is, without a shell, and none of the tokens around it', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, '$(touch x) "y";.mp4');
  vi.stubEnv('SYNAPSE_ACCESS_TOKEN', 'secret');
  const script = `[ "$input" = 'file:${path}' ] && [ -z "$SYNAPSE_ACCESS_TOKEN" ] || exit 9\n${rates('25/1', '25/1')}`;
  expect(await check(script, { films: path })).toEqual({ problems: [], warnings: [] });
  vi.unstubAllEnvs();
});
