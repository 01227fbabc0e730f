import { describe, expect, it } from 'vitest';
import { goldenFile, type GoldenFrame } from '../../test/golden-frames.js';
import { toFrame } from './frame.js';
import { HOST_NOTIFICATIONS, PLUGIN_NOTIFICATIONS, REQUESTS, type RequestMethod } from './methods.js';

const fromHost = goldenFile('frames/host-to-plugin.json');
const fromPlugin = goldenFile('frames/plugin-to-host.json');

describe('golden messages', () => {
  it.each(fromHost)('the host’s $method ($title) fits its schema', (entry) => {
    const schema = entry.kind === 'request' ? REQUESTS[entry.method as RequestMethod].params : notification(entry);
    expect(schema.safeParse(member(entry, 'params')).error).toBeUndefined();
  });

  it.each(fromPlugin.filter((entry) => entry.kind === 'result'))('the answer to $method ($title) fits', (entry) => {
    const schema = REQUESTS[entry.method as RequestMethod].result;
    expect(schema.safeParse(member(entry, 'result')).error).toBeUndefined();
  });

  it.each(fromPlugin.filter((entry) => entry.kind === 'notification'))('$method ($title) fits', (entry) => {
    expect(notification(entry).safeParse(member(entry, 'params')).error).toBeUndefined();
  });

  it('there is a message for each request, answer and notification', () => {
    const methodsOf = (entries: GoldenFrame[], kind: string) =>
      [...new Set(entries.filter((entry) => entry.kind === kind).map((entry) => entry.method ?? ''))].toSorted(byText);
    expect(methodsOf(fromHost, 'request')).toEqual(Object.keys(REQUESTS).toSorted(byText));
    expect(methodsOf(fromPlugin, 'result')).toEqual(Object.keys(REQUESTS).toSorted(byText));
    expect(methodsOf(fromHost, 'notification')).toEqual(Object.keys(HOST_NOTIFICATIONS).toSorted(byText));
    expect(methodsOf(fromPlugin, 'notification')).toEqual(Object.keys(PLUGIN_NOTIFICATIONS).toSorted(byText));
  });

  it('an answer keeps fields that this version does not know', () => {
    const parsed = REQUESTS.execute.result.parse({ success: true, resident: [{ pointer: '/model', type: 'Model' }] });
    expect(parsed['resident']).toEqual([{ pointer: '/model', type: 'Model' }]);
  });

  it('a minimal answer gets every field', () => {
    expect(REQUESTS.execute.result.parse({ success: true })).toEqual({
      success: true,
      skipped: false,
      skip_reason: null,
      error: null,
      cause: null,
      data: null,
      undo: null,
      patch: [],
    });
    expect(REQUESTS.initialize.result.parse({ protocol_version: 1 })).toMatchObject({
      plugin: { name: '' },
      capabilities: { max_in_flight: 1, cancel: false, ping: false },
    });
  });

  it.each(['/__proto__/x', '/a/constructor', '/prototype', 'a', '', '/a~2'])(
    'F-21: the patch path %j is refused',
    (path) => {
      expect(REQUESTS.execute.result.safeParse({ success: true, patch: [{ op: 'add', path, value: 1 }] }).success).toBe(
        false,
      );
    },
  );

  it.each(['/a', '/a/0', '/a/-', '/a~1b/~0', '/', '/constructors', '/my__proto__'])(
    'the patch path %j is taken',
    (path) => {
      expect(REQUESTS.execute.result.safeParse({ success: true, patch: [{ op: 'remove', path }] }).success).toBe(true);
    },
  );
});

function byText(one: string, other: string): number {
  return one < other ? -1 : 1;
}

function notification(entry: GoldenFrame) {
  const all = { ...HOST_NOTIFICATIONS, ...PLUGIN_NOTIFICATIONS };
  return all[entry.method as keyof typeof all];
}

function member(entry: GoldenFrame, name: 'params' | 'result'): unknown {
  const frame = toFrame(entry.value)?.frame as Record<string, unknown> | undefined;
  return frame?.[name];
}
