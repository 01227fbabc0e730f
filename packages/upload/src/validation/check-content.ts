import { closeSync, constants, open } from 'node:fs';
import { basename, extname } from 'node:path';
import { promisify } from 'node:util';

import type { FileGroup } from '../file-group.js';
import { atOnce } from '../sending/at-once.js';
import type { ContentFinding } from '../strategies.js';
import { executableLabel, isCredentialName } from './content-rules.js';
import { signatureOf } from './file-signature.js';
import { readAt, scanContent, type ContentMatch } from './scan-content.js';

/** How many files are open at once. */
const AT_ONCE = 32;
/** What is read of every file; of one that begins as its extension promises, no more is. */
const HEAD = 16 * 1024;
/** What is looked at of all others: a text that is dangerous only behind its first megabyte is not found. */
const MAX_BYTES = 1024 * 1024;

/**
 * Looks for what has no place in a data set: script markup, programs, files that are not what their extension says, and
 * credentials. Each file is opened once and read within bounds; a finding says where, never what. A file that cannot be read
 * is not judged here: sending it will fail, and say so.
 *
 * @returns in the order of the groups
 */
export async function checkContent(
  groups: readonly FileGroup[],
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<ContentFinding[]> {
  const byGroup: ContentFinding[][] = [];
  await atOnce(groups, AT_ONCE, async ({ key, files }, index) => {
    for (const [spec, path] of Object.entries(files)) {
      signal?.throwIfAborted();
      const matches = await matchesIn(path, signal);
      if (matches.length > 0) (byGroup[index] ??= []).push(...matches.map((match) => ({ key, spec, path, ...match })));
    }
  });
  return byGroup.flat();
}

const openLater = promisify(open);

async function matchesIn(path: string, signal: AbortSignal | undefined): Promise<ContentMatch[]> {
  const name = basename(path);
  const byName = isCredentialName(name) ? [{ rule: 'CREDENTIAL', label: 'file_name', byte: 0 }] : [];
  try {
    // Without waiting: in place of a file that was found there may be a pipe by now.
    const file = await openLater(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return [...byName, ...(await matchesInside(file, extname(name).slice(1).toLowerCase(), signal))];
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (isSystemError(error)) return byName; // sending it says what is wrong
    throw error;
  }
}

async function matchesInside(
  file: number,
  extension: string,
  signal: AbortSignal | undefined,
): Promise<ContentMatch[]> {
  const head = await readAt(file, 0, HEAD);
  if (head.length === 0) return [];
  const executable = executableLabel(head);
  const signature = await signatureOf(extension, head);
  const maxBytes = signature.kind === 'own' ? HEAD : MAX_BYTES;
  return [
    ...(executable === undefined ? [] : [{ rule: 'EXECUTABLE', label: executable, byte: 0 }]),
    ...(signature.kind === 'other' ? [{ rule: 'TYPE_MISMATCH', label: `${extension}_is_${signature.found}` }] : []),
    ...(await scanContent(file, { head, headSize: HEAD, maxBytes, signal })),
  ];
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
