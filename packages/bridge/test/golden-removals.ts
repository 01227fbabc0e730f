import { readFileSync } from 'node:fs';
import { goldenFile } from './golden-frames.js';

/** A golden request of the host that lost one of its members. */
export interface GoldenRemoval {
  readonly title: string;
  readonly method: string;
  /** Where the member stood in the params. */
  readonly pointer: string;
  readonly params: Record<string, unknown>;
}

const table = new URL('../../../test-fixtures/protocol/required-fields.json', import.meta.url);

/** The title of each golden request of the host → the members without which it has to be refused. */
export const REQUIRED_FIELDS = JSON.parse(readFileSync(table, 'utf8')) as Record<string, readonly string[]>;

/** Each golden request of the host without one of its members, for every member of every object in its params. */
export function goldenRemovals(): GoldenRemoval[] {
  return goldenFile('frames/host-to-plugin.json')
    .filter(({ kind }) => kind === 'request')
    .flatMap(({ title, method = '', value }) => {
      const { params } = value as { params: Record<string, unknown> };
      return pointersIn(params).map((pointer) => ({ title, method, pointer, params: without(params, pointer) }));
    });
}

function pointersIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(Array.isArray(value) ? [] : [`/${key}`]),
    ...pointersIn(inner).map((pointer) => `/${key}${pointer}`),
  ]);
}

function without(params: Record<string, unknown>, pointer: string): Record<string, unknown> {
  const copy = structuredClone(params);
  const path = pointer.slice(1).split('/');
  const last = path.pop() ?? '';
  const holder = path.reduce<Record<string, unknown>>((value, key) => value[key] as Record<string, unknown>, copy);
  Reflect.deleteProperty(holder, last);
  return copy;
}
