import { createHash } from 'node:crypto';
import type { UploadVector } from '../cases/upload-vector.js';
import { contentOf } from '../../actions/world/file-tree.js';
import { specificationsOf, stemOf, textOf } from './rewriting.js';

/** A file that a vector gives in the folder of a specification. */
export interface GivenFile {
  readonly spec: string;
  /** `{root}/set/images/day1/a.jpg` */
  readonly path: string;
  /** Below the specification's folder; empty for the folder itself. */
  readonly folder: string;
  readonly stem: string;
}

const EXCLUDED =
  /(?:^|\/)(?:\.DS_Store|Thumbs\.db|desktop\.ini|\.gitkeep|@eaDir|\.@__thumb|@Recycle|#recycle|\.synology|__pycache__|\.git)(?:\/|$)/;

/** The files of all specifications that both implementations look at. */
export function givenFiles(vector: UploadVector): GivenFile[] {
  const { files, params } = vector.given;
  return specificationsOf(vector).flatMap(({ name: spec }) => {
    const place = placeOf(params, spec);
    if (place === undefined) return [];
    return Object.keys(files).flatMap((name) => {
      if (!name.startsWith(`${place.folder}/`) || name.endsWith('/')) return [];
      const below = name.slice(place.folder.length + 1);
      const folder = below.includes('/') ? below.slice(0, below.lastIndexOf('/')) : '';
      if (EXCLUDED.test(below) || (folder !== '' && !place.isRecursive)) return [];
      return [{ spec, path: `{root}/${name}`, folder, stem: stemOf(name) }];
    });
  });
}

function placeOf(
  params: UploadVector['given']['params'],
  spec: string,
): { readonly folder: string; readonly isRecursive: boolean } | undefined {
  if (params['use_single_path'] !== false) {
    return { folder: `${trimmed(params['path'])}/${spec}`, isRecursive: params['is_recursive'] !== false };
  }
  const assets = params['assets'] as Record<string, { path: string; is_recursive?: boolean }> | undefined;
  const asset = assets?.[spec];
  return asset && { folder: trimmed(asset.path), isRecursive: asset.is_recursive !== false };
}

function trimmed(path: unknown): string {
  return textOf(path)
    .replace('{root}', '')
    .replaceAll(/^\/+|\/+$/g, '');
}

/** The content of a file by its path below `{root}`. */
export function contentAt(vector: UploadVector, path: string): Buffer {
  const spec = vector.given.files[path.replace('{root}/', '')];
  return spec === undefined ? Buffer.alloc(0) : contentOf(spec);
}

export function checksumAt(vector: UploadVector, path: string, algorithm: 'sha1' | 'md5'): string {
  return createHash(algorithm).update(contentAt(vector, path)).digest('hex');
}

export function groupBy(files: readonly GivenFile[], keyOf: (file: GivenFile) => string): Map<string, GivenFile[]> {
  const groups = new Map<string, GivenFile[]>();
  for (const file of files) groups.set(keyOf(file), [...(groups.get(keyOf(file)) ?? []), file]);
  return groups;
}
