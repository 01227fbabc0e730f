import { expect, it } from 'vitest';
import { Addresses } from './addresses.js';

const soon = (): Date => new Date(Date.now() + 60_000);

it('opens for what it was signed for, and for nothing else', () => {
  const addresses = made();
  const { path, query } = parse(addresses.ofObject('key ä/?', soon(), 2));
  expect(path).toEqual(['_storage', 'key ä/?']);
  expect(addresses.check('PUT', path, query)).toBeUndefined();
  expect(addresses.check('GET', path, query)).toBe('forged');
  expect(addresses.check('PUT', ['_storage', 'other'], query)).toBe('forged');
  expect(addresses.check('PUT', path, { ...query, part: '3' })).toBe('forged');
  const { part: _, ...whole } = query;
  expect(addresses.check('PUT', path, whole)).toBe('forged');
  expect(addresses.check('PUT', path, { ...query, expires: '99999999999' })).toBe('forged');
  expect(addresses.check('PUT', path, { ...query, signature: 'ü' })).toBe('forged');
  expect(addresses.check('PUT', path, {})).toBe('forged');
  expect(new Addresses('another secret').check('PUT', path, query)).toBe('forged');
});

it('expires', () => {
  const addresses = made();
  const { path, query } = parse(addresses.ofObject('key', new Date(Date.now() - 2000)));
  expect(addresses.check('PUT', path, query)).toBe('expired');
});

it('gives a file the same address again, which lasts for more than a day', () => {
  const addresses = made();
  const address = addresses.ofFile('ab'.repeat(32), 'a b.png');
  expect(addresses.ofFile('ab'.repeat(32), 'a b.png')).toBe(address);
  expect(Number(parse(address).query['expires']) * 1000).toBeGreaterThan(Date.now() + 24 * 60 * 60 * 1000);
  expect(new URL(address).pathname).toMatch(/\/a%20b\.png$/);
});

function made(): Addresses {
  const addresses = new Addresses('a secret');
  addresses.serveAt('http://127.0.0.1:1');
  return addresses;
}

function parse(address: string): { path: string[]; query: Record<string, string> } {
  const { pathname, searchParams } = new URL(address);
  return { path: pathname.slice(1).split('/').map(decodeURIComponent), query: Object.fromEntries(searchParams) };
}
