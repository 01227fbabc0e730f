import { realpath, stat } from 'node:fs/promises';
import { extname } from 'node:path';

import type { FileSpecification } from '@synapse-steps/backend/api';

import type { FileGroup, LeftOutFile } from '../file-group.js';
import type { Discovery, DiscoveryPlace, DiscoveryRequest, FileDiscoveryStrategy } from '../strategies.js';
import { UploadError } from '../upload-error.js';
import { bareExtension } from '../validation/filter-by-extension.js';
import { FileGrouping, type KeyedFiles } from './group-files.js';
import { isInside } from '../path-in-storage.js';
import { codeOf, walkFolder } from './walk-folder.js';

/**
 * Walks the folder of each specification, with its sub-folders where the place says so, and puts files together by their stems. Every file that it comes across is in a group
 * or in `leftOut`, apart from those that operating systems and version control leave behind.
 */
export class DefaultFileDiscoveryStrategy implements FileDiscoveryStrategy {
  async discover(request: DiscoveryRequest): Promise<Discovery> {
    const leftOut: LeftOutFile[] = [];
    const found: Record<string, number> = {};
    const grouping = new FileGrouping((file) => leftOut.push(file));
    for (const place of request.places) {
      const count = await addFiles(grouping, place, { request, leftOut });
      if (count !== undefined) found[place.spec] = count;
    }
    const groups = [...wholeGroups(grouping, request, leftOut)];
    groups.sort((one, other) => (one.key < other.key ? -1 : 1));
    return { groups, found, leftOut };
  }
}

interface Surroundings {
  readonly request: DiscoveryRequest;
  readonly leftOut: LeftOutFile[];
}

/** How many files the place had; undefined where there is no such folder. */
async function addFiles(
  grouping: FileGrouping,
  place: DiscoveryPlace,
  { request, leftOut }: Surroundings,
): Promise<number | undefined> {
  const { spec, isRecursive } = place;
  const { storageFolder, signal } = request;
  if (!(await isUsableFolder(place, storageFolder))) return undefined;
  const belongsElsewhere = extensionsOfOthers(place, request);
  let count = 0;
  const onLeftOut = (code: LeftOutFile['code'], path: string, detail: string): void => {
    leftOut.push({ code, path, spec, detail });
  };
  for await (const file of walkFolder(place.folder, { isRecursive, storageFolder, onLeftOut, signal })) {
    if (belongsElsewhere.has(extname(file.name).toLowerCase())) continue;
    count += 1;
    await grouping.add(spec, file);
  }
  return count;
}

async function isUsableFolder({ spec, folder }: DiscoveryPlace, storageFolder: string): Promise<boolean> {
  try {
    const real = await realpath(folder);
    if (isInside(storageFolder, real)) return (await stat(real)).isDirectory();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return false;
    throw error;
  }
  const message = `The folder of "${spec}", ${folder}, leads out of the storage ${storageFolder}; move the files into the storage`;
  throw new UploadError({ code: 'path_outside_storage', message });
}

/** Where specifications share a folder, a file belongs to those whose extensions it has. */
function extensionsOfOthers(place: DiscoveryPlace, { places, specifications }: DiscoveryRequest): ReadonlySet<string> {
  const own = extensionsOf(place.spec, specifications);
  const others = places.filter((other) => other.spec !== place.spec && other.folder === place.folder);
  const extensions = others.flatMap((other) => [...extensionsOf(other.spec, specifications)]);
  return new Set(extensions.filter((extension) => !own.has(extension)));
}

function extensionsOf(spec: string, specifications: readonly FileSpecification[]): ReadonlySet<string> {
  const extensions = specifications.find(({ name }) => name === spec)?.extensions ?? [];
  return new Set(extensions.map((extension) => `.${bareExtension(extension)}`));
}

function* wholeGroups(grouping: FileGrouping, request: DiscoveryRequest, leftOut: LeftOutFile[]): Generator<FileGroup> {
  const createdAt = new Date().toISOString();
  const required = request.specifications.filter((spec) => spec.is_required).map(({ name }) => name);
  for (const keyed of grouping.groups()) {
    const specs = new Set(keyed.members.map(({ spec }) => spec));
    const missing = required.filter((name) => !specs.has(name));
    if (missing.length === 0 || request.keepIncomplete === true) {
      yield groupOf(keyed, request.specifications, createdAt);
    } else {
      for (const { path, spec } of keyed.members) {
        const detail = `its data unit has no file of ${missing.map((name) => `"${name}"`).join(', ')}, which the collection requires`;
        leftOut.push({ code: 'MISSING_REQUIRED_FILE', path, spec, key: keyed.key, detail });
      }
    }
  }
}

function groupOf(keyed: KeyedFiles, specifications: readonly FileSpecification[], createdAt: string): FileGroup {
  const ordered = specifications.flatMap(({ name }) => keyed.members.filter(({ spec }) => spec === name));
  const primary = specifications.find((spec) => spec.is_primary === true)?.name;
  const main = ordered.find(({ spec }) => spec === primary) ?? ordered[0];
  return {
    key: keyed.key,
    files: Object.fromEntries(ordered.map(({ spec, path }) => [spec, path])),
    meta: {
      origin_file_stem: keyed.stem,
      origin_file_extension: extname(main?.path ?? '').toLowerCase(),
      created_at: createdAt,
      data_unit_key: keyed.key,
    },
  };
}
