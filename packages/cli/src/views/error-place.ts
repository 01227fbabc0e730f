import type { ErrorRecord } from '@synapse-steps/core';

/** The traceback of the plugin's own language: it shows the line of the user's code that failed. */
export function pluginTraceback(error: ErrorRecord | undefined): string | undefined {
  for (let record = error; record !== undefined; record = record.cause) {
    const isOfPlugin = record.details?.['plugin'] !== undefined;
    if (isOfPlugin && record.stack !== undefined && isForeign(record.stack)) return record.stack;
  }
  return undefined;
}

/** A stack of this process says where the error was made here, which helps nobody who looks for a fault in a plugin. */
function isForeign(stack: string): boolean {
  return !FRAME.test(stack);
}

const FRAME = /^\s+at .*:\d+:\d+\)?$/m;

/** Where in the user's own code an error was made, as in `undo.py:14, in rollback`; undefined where nobody knows. */
export function errorPlace(error: ErrorRecord): string | undefined {
  const traceback = pluginTraceback(error);
  if (traceback !== undefined) return lastPlace(traceback);
  for (let record: ErrorRecord | undefined = error; record !== undefined; record = record.cause) {
    const place = record.details?.['plugin'] === undefined ? ownFrame(record.stack ?? '') : undefined;
    if (place !== undefined) return place;
  }
  return undefined;
}

/** Python's `File "x.py", line 3, in f`, the innermost; of another language the last line. */
function lastPlace(traceback: string): string | undefined {
  const [, file, line, where] = [...traceback.matchAll(/File "(.+)", line (\d+)(, in .+)?/g)].at(-1) ?? [];
  if (file !== undefined) return `${file}:${line}${where ?? ''}`;
  return traceback
    .split('\n')
    .findLast((text) => text.trim() !== '')
    ?.trim();
}

/** The innermost place that is neither Node's nor an installed package's. */
function ownFrame(stack: string): string | undefined {
  const frames = [...stack.matchAll(/^\s+at (?:.*\()?(?:file:\/\/)?(\/.+:\d+:\d+)\)?$/gm)].map(([, place]) => place);
  return frames.find((place) => place !== undefined && !/[\\/]node_modules[\\/]/.test(place));
}
