import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { temporaryFolder } from '../../test/temporary-folder.js';
import { checkContent } from './check-content.js';

const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le');
const program = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(100), Buffer.from('PE\0\0')]);
/** A PNG of one pixel. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const padded = (text: string, before: number): string =>
  `${'line of text\n'.repeat(Math.ceil(before / 13)).slice(0, before)}${text}`;

/** `RULE label byte` for each finding in one file; no byte for one that is about all of it. */
async function findingsIn(name: string, content: string | Buffer): Promise<string[]> {
  await using folder = await temporaryFolder();
  const path = await folder.write(name, content);
  const findings = await checkContent([{ key: 'a', files: { some: path }, meta: {} }]);
  for (const finding of findings) expect(finding).toMatchObject({ key: 'a', spec: 'some', path });
  return findings.map(({ rule, label, byte }) => [rule, label, byte ?? []].flat().join(' '));
}

it.each([
  ['a.txt', 'x <script>alert(1)</script>', ['SCRIPT_INJECTION script_tag 2']],
  ['a.txt', 'é <SCRIPT src=x>', ['SCRIPT_INJECTION script_tag 3']],
  ['a.txt', utf16('é <script>'), ['SCRIPT_INJECTION script_tag 6']],
  ['a.txt', utf16('é <script>').swap16(), ['SCRIPT_INJECTION script_tag 6']],
  ['a.svg', '<svg onload="x()">', ['SCRIPT_INJECTION event_handler 0']],
  ['a.html', '<a href = "javascript:x()">', ['SCRIPT_INJECTION javascript_address 3']],
  ['a.txt', '<?php echo 1;', ['SCRIPT_INJECTION php_tag 0']],
  ['a.txt', 'a\n<iframe src="x">', ['SCRIPT_INJECTION iframe_tag 2']],
  ['a.txt', '#!/bin/sh\n', ['EXECUTABLE shebang 0']],
  ['a.txt', '\uFEFF#! /usr/bin/env python', ['EXECUTABLE shebang 0']],
  ['a.bin', Buffer.from('\u007FELF\u0002', 'latin1'), ['EXECUTABLE elf 0']],
  ['a.bin', Buffer.from('cffaedfe0c', 'hex'), ['EXECUTABLE mach_o 0']],
  ['a.bin', Buffer.from('cafebabe00', 'hex'), ['EXECUTABLE class_or_mach_o 0']],
  ['a.bin', '\0asm\u0001', ['EXECUTABLE web_assembly 0']],
  ['a.bin', 'dex\n035', ['EXECUTABLE android_program 0']],
  ['a.jpg', program, ['EXECUTABLE windows_program 0', 'TYPE_MISMATCH jpg_is_exe']],
  ['a.jpg', 'this is no image', ['TYPE_MISMATCH jpg_is_unknown']],
  ['a.jpg', png, ['TYPE_MISMATCH jpg_is_png']],
  ['a.mp4', 'this is no film', ['TYPE_MISMATCH mp4_is_unknown']],
  ['a.pdf', 'this is no document', ['TYPE_MISMATCH pdf_is_unknown']],
  ['a.png', Buffer.concat([png, Buffer.from('<script>')]), [`SCRIPT_INJECTION script_tag ${png.length}`]],
  ['a.txt', '-----BEGIN OPENSSH PRIVATE KEY-----', ['CREDENTIAL private_key 0']],
  ['a.csv', `k,${'AKIA'}ABCDEFGHIJKLMNOP`, ['CREDENTIAL aws_access_key 2']],
  ['a.csv', `k,${'ghp_'}${'a1'.repeat(18)}`, ['CREDENTIAL github_token 2']],
  ['a.csv', `${'xoxb-'}${'1a'.repeat(12)}`, ['CREDENTIAL slack_token 0']],
  ['a.csv', `${'AIza'}${'x'.repeat(35)}`, ['CREDENTIAL google_api_key 0']],
  ['.env.local', 'A=1', ['CREDENTIAL file_name 0']],
  ['id_rsa', 'x', ['CREDENTIAL file_name 0']],
  ['server.PEM', 'x', ['CREDENTIAL file_name 0']],
])('finds what has no place in %s (%#)', async (...[name, content, expected]) => {
  expect(await findingsIn(name, content)).toEqual(expected);
});

it.each([
  ['a.txt', 'fine'],
  ['a.txt', 'a < script, <scripture> and javascript: in words; onload=1'],
  ['a.txt', '#![allow(unused)]\n#!important'],
  ['a.txt', 'MZ is how this text begins, and it goes on for quite a while without any zero byte.'],
  ['a.txt', '-----BEGIN PUBLIC KEY-----'],
  ['a.txt', ''],
  ['a.jpg', ''],
  ['a.jpg', Buffer.from('/9j/4GltYWdlIDE=', 'base64')],
  ['a.PNG', Buffer.from('iVBORw0KGgpi', 'base64')],
  ['a.png', png],
  ['a.gif', 'GIF89a'],
  ['a.tiff', 'II*\0'],
  ['a.webp', 'RIFF1234WEBPVP8 '],
  ['a.mov', Buffer.from('\0\0\0\u0008wide\0\0\0\0mdat', 'latin1')],
  ['a.pdf', 'junk\n%PDF-1.7'],
  ['a.docx', Buffer.from('504b0304140000', 'hex')],
  ['a.mp3', Buffer.from('ID3\u0003\0\0\0\0\u0002\u0001', 'latin1')],
  ['a.psd', Buffer.from('8BPS\0\u0001', 'latin1')],
  ['a.dat', 'an extension that promises nothing'],
])('lets %s be (%#)', async (name, content) => {
  expect(await findingsIn(name, content)).toEqual([]);
});

it('finds a match wherever pieces of a file meet, at its true place, and tells each label once', async () => {
  for (const before of [16_378, 16_384, 65_530, 79_500, 200_001]) {
    expect(await findingsIn('a.txt', padded('<script> <script>', before))).toEqual([
      `SCRIPT_INJECTION script_tag ${before}`,
    ]);
  }
});

it('reads no more than the first megabyte', async () => {
  expect(await findingsIn('a.txt', padded('<script>', 1024 * 1024 - 100))).toHaveLength(1);
  expect(await findingsIn('a.txt', padded('<script>', 1024 * 1024))).toEqual([]);
});

it('never quotes what it finds', async () => {
  await using folder = await temporaryFolder();
  const path = await folder.write('a.txt', `token ${'ghp_'}${'Z9'.repeat(18)} <script>evil</script>`);
  const findings = await checkContent([{ key: 'a', files: { some: path }, meta: {} }]);
  expect(findings).toHaveLength(2);
  expect(JSON.stringify(findings)).not.toMatch(/Z9|evil|<script/u);
});

it('keeps the order of the groups and their files, whichever is read first', async () => {
  await using folder = await temporaryFolder();
  const groups = [];
  for (let index = 0; index < 30; index += 1) {
    const one = await folder.write(`one/${index}.txt`, padded('<script>', index % 2 === 0 ? 300_000 : 0));
    const two = await folder.write(`two/${index}.txt`, '#!/bin/sh');
    groups.push({ key: String(index), files: { one, two }, meta: {} });
  }
  const findings = await checkContent(groups);
  expect(findings.map(({ key, spec }) => `${key} ${spec}`)).toEqual(
    groups.flatMap(({ key }) => [`${key} one`, `${key} two`]),
  );
});

it('does not judge what it cannot read: a file that has vanished, or became a folder', async () => {
  await using folder = await temporaryFolder();
  const gone = await folder.write('gone.jpg', 'x');
  await rm(gone);
  await mkdir(join(folder.path, 'folder.jpg'));
  const files = { gone, folder: join(folder.path, 'folder.jpg') };
  expect(await checkContent([{ key: 'a', files, meta: {} }])).toEqual([]);
});

it('stops when it is told to', async () => {
  await using folder = await temporaryFolder();
  const path = await folder.write('a.txt', 'x');
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(checkContent([{ key: 'a', files: { path }, meta: {} }], { signal })).rejects.toThrow('enough');
});
