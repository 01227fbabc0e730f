import type { GroundTruthEvent } from '@synapse-steps/backend/api';
import { expect, it } from 'vitest';

import { backendIdentity } from './data-identity.js';
import { Fingerprint } from './fingerprint.js';

const event = (url: string, rest: object = {}): GroundTruthEvent => ({
  id: 1,
  files: { image: { url, ...rest } },
  data: {},
});

function digest(listed: GroundTruthEvent, host = 'http://127.0.0.1:5000'): string {
  const fingerprint = new Fingerprint(backendIdentity({ host }), 100);
  fingerprint.count(1);
  fingerprint.add(listed);
  return fingerprint.digest();
}

const first = digest(event('https://files-1.example.com:81/a/one.png?signature=x'));

it.each([
  ['address has another host', event('https://files-2.example.com/a/one.png?signature=x')],
  ['address has another signature', event('https://files-1.example.com:81/a/one.png?signature=y&expires=1')],
  ['embedded backend has another port', event('http://127.0.0.1:5001/a/one.png'), 'http://127.0.0.1:5001'],
])('knows data again of which the %s', (_what, listed, host?: string) => {
  expect(digest(listed, host)).toBe(first);
});

it.each([
  ['path', event('https://files-1.example.com:81/b/one.png?signature=x')],
  ['checksum', event('https://files-1.example.com:81/a/one.png', { checksum: 'c' })],
  ['id', { ...event('https://files-1.example.com:81/a/one.png'), id: 2 }],
  ['category', { ...event('https://files-1.example.com:81/a/one.png'), category: 'train' }],
  ['annotation', { ...event('https://files-1.example.com:81/a/one.png'), data: { images: [] } }],
  ['backend', event('https://files-1.example.com:81/a/one.png'), 'https://api.example.com'],
])('takes data for other data of which the %s is another one', (_what, listed, host?: string) => {
  expect(digest(listed, host)).not.toBe(first);
});
