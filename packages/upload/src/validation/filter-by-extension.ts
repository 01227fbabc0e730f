import { basename, extname } from 'node:path';

import type { FileSpecification } from '@synapse-steps/backend/api';

import type { FileGroup, LeftOutFile } from '../file-group.js';

export interface FilterByExtensionOptions {
  readonly specifications: readonly FileSpecification[];
  /** Extensions by file type, with or without dot, in any case; a type that is not named allows all. */
  readonly allowed: Readonly<Record<string, readonly string[]>>;
}

export interface FilteredGroups {
  readonly kept: FileGroup[];
  readonly leftOut: LeftOutFile[];
}

/**
 * Leaves out files whose extension the action does not allow. A group that loses a required file goes as a whole, and so does
 * one that has no file left.
 */
export function filterByExtension(groups: readonly FileGroup[], options: FilterByExtensionOptions): FilteredGroups {
  const kept: FileGroup[] = [];
  const leftOut: LeftOutFile[] = [];
  for (const group of groups) {
    const refused = refusedSpecs(group, options);
    const losesRequired = options.specifications.some((spec) => spec.is_required && refused.has(spec.name));
    const remaining = Object.entries(group.files).filter(([spec]) => !refused.has(spec));
    const isWhole = !losesRequired && remaining.length > 0;
    if (refused.size === 0) kept.push(group);
    else if (isWhole) kept.push({ ...group, files: Object.fromEntries(remaining) });
    for (const [spec, path] of Object.entries(group.files)) {
      if (refused.has(spec)) leftOut.push(notAllowed({ spec, path, key: group.key }));
      else if (!isWhole && refused.size > 0) leftOut.push(leftAlone({ spec, path, key: group.key }));
    }
  }
  return { kept, leftOut };
}

function refusedSpecs(
  { files }: FileGroup,
  { specifications, allowed }: FilterByExtensionOptions,
): ReadonlySet<string> {
  const refused = specifications.filter(({ name, file_type: type }) => {
    const file = files[name];
    const extensions = type ? allowed[type] : undefined;
    if (file === undefined || extensions === undefined) return false;
    return !extensions.some((extension) => bareExtension(extension) === bareExtension(extname(file)));
  });
  return new Set(refused.map(({ name }) => name));
}

type LeftOutPlace = Pick<LeftOutFile, 'path'> & Required<Pick<LeftOutFile, 'spec' | 'key'>>;

function notAllowed(place: LeftOutPlace): LeftOutFile {
  const detail = `the action does not allow the extension "${extname(place.path).toLowerCase()}"`;
  return { code: 'EXTENSION_NOT_ALLOWED', ...place, detail };
}

function leftAlone(place: LeftOutPlace): LeftOutFile {
  const detail = `"${basename(place.path)}" belongs to a data unit whose required file has an extension that is not allowed`;
  return { code: 'MISSING_REQUIRED_FILE', ...place, detail };
}

/** Without dot, in lower case: collections name extensions in either way. */
export function bareExtension(extension: string): string {
  return extension.trim().replace(/^\./u, '').toLowerCase();
}
