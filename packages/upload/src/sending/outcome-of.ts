import { errorMessage } from '@synapse-steps/core';

import type { FileGroup, LeftOutFile, LostFile, UploadedFile, UploadedGroup } from '../file-group.js';
import type { UploadOutcome } from '../strategies.js';
import type { Cargo } from './cargo.js';
import type { KnownGroup } from './groups-with-units.js';

const isKnown = ({ end }: Cargo): boolean => end?.is === 'there' && end.how === 'known';

/** Groups of which the backend had all files. */
export function knownGroups(groups: readonly FileGroup[], cargo: readonly Cargo[]): KnownGroup[] {
  const byGroup = filesByGroup(groups, cargo);
  return groups.flatMap((group, index) => {
    const files = (byGroup[index] ?? []).filter(({ end }) => end?.is !== 'left-out');
    return files.length > 0 && files.every(isKnown) ? [{ group, files }] : [];
  });
}

function filesByGroup(groups: readonly FileGroup[], cargo: readonly Cargo[]): Cargo[][] {
  const byGroup = groups.map((): Cargo[] => []);
  for (const one of cargo) byGroup[one.group]?.push(one);
  return byGroup;
}

/** What became of the groups: each of their files is in one of the three lists, and in one only. */
export function outcomeOf(
  groups: readonly FileGroup[],
  cargo: readonly Cargo[],
  withUnits: ReadonlySet<FileGroup>,
): UploadOutcome {
  const outcome = { uploaded: [] as UploadedGroup[], lost: [] as LostFile[], leftOut: [] as LeftOutFile[] };
  const byGroup = filesByGroup(groups, cargo);
  for (const [index, group] of groups.entries()) {
    const files = byGroup[index] ?? [];
    const empty = files.filter(({ end }) => end?.is === 'left-out');
    const rest = files.filter(({ end }) => end?.is !== 'left-out');
    outcome.leftOut.push(...empty.map(leftOutAsEmpty));
    if (rest.some(({ end }) => end?.is !== 'there')) outcome.lost.push(...lostWith(rest));
    else if (rest.every(isKnown) && (rest.length === 0 || withUnits.has(group)))
      outcome.leftOut.push(...rest.map(leftOutAsKnown));
    else outcome.uploaded.push({ ...group, files: Object.fromEntries(rest.flatMap(uploadedFile)) });
  }
  return outcome;
}

function uploadedFile({ spec, path, size, end }: Cargo): [string, UploadedFile][] {
  if (end?.is !== 'there') return [];
  const { checksum, id } = end;
  return [[spec, { path, checksum, size, ...(id !== undefined && { id }) }]];
}

/** All files of a group, those that arrived too: without the others they are of no use. */
function lostWith(files: readonly Cargo[]): LostFile[] {
  const culprit =
    files.find(({ end }) => end?.is === 'lost' && end.isUnknown) ?? files.find(({ end }) => end?.is === 'lost');
  return files.map(({ key, spec, path, end }): LostFile => {
    if (end?.is === 'lost') {
      return { key, spec, path, reason: errorMessage(end.error), ...(end.isUnknown && { isUnknown: true }) };
    }
    return { key, spec, path, reason: `It arrived, but ${culprit?.path ?? 'another file'} of its group did not.` };
  });
}

function leftOutAsEmpty({ key, spec, path }: Cargo): LeftOutFile {
  const detail = `It is empty, and a file of '${spec}' is not required.`;
  return { code: 'EMPTY_OPTIONAL_FILE', key, spec, path, detail };
}

function leftOutAsKnown({ key, spec, path }: Cargo): LeftOutFile {
  const detail = 'The collection has a data unit of its group already, so no other was made.';
  return { code: 'ALREADY_UPLOADED', key, spec, path, detail };
}
