import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { installLine } from './pack-packages.mjs';

it('names tarballs so that a shell takes each as one word', () => {
  const paths = ['/tmp/a-1.0.0.tgz', "/tmp/my packages/it's b-1.0.0.tgz", '/tmp/$HOME/*.tgz'];
  const line = installLine(paths);
  expect(line).toMatch(/^npm install \/tmp\/a-1\.0\.0\.tgz '/);
  const printed = execFileSync('sh', ['-c', line.replace('npm install', String.raw`printf '%s\n'`)], {
    encoding: 'utf8',
  });
  expect(printed.trimEnd().split('\n')).toEqual(paths);
});
