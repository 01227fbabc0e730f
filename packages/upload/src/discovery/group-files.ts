import { stat } from 'node:fs/promises';
import { basename } from 'node:path';

import type { LeftOutFile } from '../file-group.js';
import { codeOf, type WalkedFile } from './walk-folder.js';

/** A file that stands for its specification in a group. */
export interface MemberFile {
  readonly spec: string;
  readonly folder: string;
  readonly path: string;
}

export interface KeyedFiles {
  readonly key: string;
  readonly stem: string;
  readonly members: readonly MemberFile[];
}

/**
 * Says which files belong together. Files of different specifications belong together when they have the same stem, even in
 * folders that differ. Where a specification has several files of one stem in different folders, that is ambiguous: there the
 * folder must be the same, too, and becomes a part of the key.
 */
export class FileGrouping {
  /** A hundred thousand of these are held at a time: one list for each stem, nothing else. */
  private readonly byStem = new Map<string, MemberFile[]>();
  private readonly leaveOut: (file: LeftOutFile) => void;

  constructor(leaveOut: (file: LeftOutFile) => void) {
    this.leaveOut = leaveOut;
  }

  async add(spec: string, file: WalkedFile): Promise<void> {
    const stem = stemOf(file.name);
    const member: MemberFile = { spec, folder: file.folder, path: file.path };
    const members = this.byStem.get(stem);
    if (members === undefined) {
      this.byStem.set(stem, [member]);
      return;
    }
    const index = members.findIndex((other) => other.spec === spec && other.folder === file.folder);
    const other = members[index];
    if (other === undefined) members.push(member);
    else members[index] = await this.choose(other, member);
  }

  *groups(): Generator<KeyedFiles> {
    for (const [stem, members] of this.byStem) {
      if (!isAmbiguous(members)) {
        yield { key: stem, stem, members };
        continue;
      }
      for (const [folder, own] of byFolder(members)) {
        yield { key: folder === '' ? stem : `${folder}/${stem}`, stem, members: own };
      }
    }
  }

  /** The newer one, as in the Python SDK; of two of the same time the one whose name comes first. */
  private async choose(one: MemberFile, other: MemberFile): Promise<MemberFile> {
    const [oneTime, otherTime] = await Promise.all([this.timeOf(one), this.timeOf(other)]);
    const isOne = oneTime === otherTime ? one.path <= other.path : oneTime > otherTime;
    const [kept, dropped] = isOne ? [one, other] : [other, one];
    const { spec, path } = dropped;
    if ((isOne ? otherTime : oneTime) !== VANISHED) {
      const detail = `"${basename(kept.path)}" has the same name but for the extension, and is ${oneTime === otherTime ? 'as new' : 'newer'}`;
      this.leaveOut({ code: 'DUPLICATE_STEM', path, spec, detail });
    }
    return kept;
  }

  private async timeOf(member: MemberFile): Promise<number> {
    try {
      return (await stat(member.path)).mtimeMs;
    } catch (error) {
      const { spec, path } = member;
      this.leaveOut({ code: 'NOT_READABLE', path, spec, detail: `the file cannot be read (${codeOf(error)})` });
      return VANISHED;
    }
  }
}

const VANISHED = -Infinity;

/** As Python's `Path.stem`: without the last extension; a name that begins with its only dot has none. */
function stemOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 && dot < name.length - 1 ? name.slice(0, dot) : name;
}

function isAmbiguous(members: readonly MemberFile[]): boolean {
  return new Set(members.map(({ spec }) => spec)).size < members.length;
}

function byFolder(members: readonly MemberFile[]): ReadonlyMap<string, MemberFile[]> {
  const folders = new Map<string, MemberFile[]>();
  for (const member of members) {
    const own = folders.get(member.folder);
    if (own === undefined) folders.set(member.folder, [member]);
    else own.push(member);
  }
  return folders;
}
