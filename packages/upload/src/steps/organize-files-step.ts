import { stat } from 'node:fs/promises';

import type { FileSpecification } from '@synapse-steps/backend/api';
import { StepResult } from '@synapse-steps/core';

import { DefaultFileDiscoveryStrategy } from '../discovery/default-file-discovery-strategy.js';
import type { FileGroup, LeftOutFile } from '../file-group.js';
import { SpreadsheetMetadataStrategy } from '../metadata/spreadsheet-metadata-strategy.js';
import { pathInStorage } from '../path-in-storage.js';
import type {
  Discovery,
  DiscoveryPlace,
  FileDiscoveryStrategy,
  MetadataStrategy,
  MetadataTable,
} from '../strategies.js';
import type { UploadContext } from '../upload-context.js';
import { UploadError } from '../upload-error.js';
import { uploadMessages } from '../upload-messages.js';
import { specificationsOf, storageOf } from './storage-of.js';
import { UploadStep } from './upload-step.js';

export interface OrganizeFilesStepOptions {
  /** Default: files are looked for in sub-folders too, where the params say so. */
  readonly strategy?: FileDiscoveryStrategy;
  /** How rows of the metadata are matched with groups. Default: that of workbooks and CSV files. */
  readonly metadata?: Pick<MetadataStrategy, 'match'>;
  /** Keep groups that lack a required file; `validate_files` then says what is missing. */
  readonly skipRequiredCheck?: boolean;
}

/** Finds the files, and says which of them become one data unit. */
export class OrganizeFilesStep extends UploadStep {
  readonly name = 'organize_files';
  readonly progressWeight = 0.15;
  protected readonly rollbackEvent = 'ROLLBACK_FILE_ORGANIZATION';
  readonly #strategy: FileDiscoveryStrategy;
  readonly #metadata: Pick<MetadataStrategy, 'match'>;
  readonly #skipRequiredCheck: boolean;

  constructor(options: OrganizeFilesStepOptions = {}) {
    super();
    this.#strategy = options.strategy ?? new DefaultFileDiscoveryStrategy();
    this.#metadata = options.metadata ?? new SpreadsheetMetadataStrategy();
    this.#skipRequiredCheck = options.skipRequiredCheck ?? false;
  }

  async execute(context: UploadContext): Promise<StepResult> {
    context.setProgress(0, 1);
    const specifications = specificationsOf(context);
    const places = await placesOf(context, specifications);
    const there = await placesThere(places);
    sayPlaces(context, places, there);
    if (there.length === 0) return StepResult.ok({ data: { groups: 0, specifications: [] } });
    const found = await this.#discover(context, there);
    context.leftOutFiles = [...context.leftOutFiles, ...found.leftOut];
    const { fileMetadata } = context; // read once: each read of a field is followed
    context.organizedFiles = found.groups.map((group) => this.#described(group, fileMetadata));
    sayFound(context, there, found);
    const specs = there.map(({ spec }) => spec);
    return StepResult.ok({
      data: { groups: found.groups.length, specifications: specs, leftOut: found.leftOut.length },
    });
  }

  protected reset(context: UploadContext): void {
    context.organizedFiles = [];
    context.leftOutFiles = [];
  }

  async #discover(context: UploadContext, places: readonly DiscoveryPlace[]): Promise<Discovery> {
    const specifications = specificationsOf(context);
    // A folder that is missing is told as what is missing in the groups, rather than by there being none.
    const isPlaceMissing = specifications.some(
      ({ name, is_required: isRequired }) => isRequired && !places.some(({ spec }) => spec === name),
    );
    const keepIncomplete = this.#skipRequiredCheck || (isPlaceMissing && !context.uploadParams.use_single_path);
    const { signal } = context;
    const storageFolder = storageOf(context).folder;
    return await this.#strategy.discover({ places, specifications, storageFolder, keepIncomplete, signal });
  }

  #described(group: FileGroup, table: MetadataTable): FileGroup {
    const row = this.#metadata.match(table, group);
    return row === undefined ? group : { ...group, meta: { ...group.meta, ...row } };
  }
}

async function placesOf(
  context: UploadContext,
  specifications: readonly FileSpecification[],
): Promise<readonly DiscoveryPlace[]> {
  const { use_single_path: isSingle, is_recursive: isRecursive, assets } = context.uploadParams;
  const { folder } = storageOf(context);
  if (isSingle) {
    const base = context.baseFolder ?? folder;
    return await Promise.all(
      specifications.map(async ({ name }) => ({ spec: name, folder: await pathInStorage(base, name), isRecursive })),
    );
  }
  const given = assets ?? {};
  const missing = specifications.filter(({ name, is_required: isRequired }) => isRequired && !given[name]);
  if (missing.length > 0) {
    throw new UploadError({
      code: 'specifications_missing',
      message: `Multi-path mode requires asset paths for: ${missing.map(({ name }) => name).join(', ')}`,
    });
  }
  const places = specifications.map(async ({ name }): Promise<DiscoveryPlace[]> => {
    const asset = given[name];
    if (asset === undefined) return [];
    return [{ spec: name, folder: await pathInStorage(folder, asset.path), isRecursive: asset.is_recursive }];
  });
  return (await Promise.all(places)).flat();
}

async function placesThere(places: readonly DiscoveryPlace[]): Promise<DiscoveryPlace[]> {
  const there = await Promise.all(
    places.map(({ folder }) =>
      stat(folder).then(
        (entry) => entry.isDirectory(),
        () => false,
      ),
    ),
  );
  return places.filter((_, index) => there[index]);
}

function sayPlaces(context: UploadContext, places: readonly DiscoveryPlace[], there: readonly DiscoveryPlace[]): void {
  const directories = there.map(({ spec }) => spec);
  if (context.uploadParams.use_single_path) {
    if (there.length === 0) return context.log('NO_TYPE_DIRECTORIES', { folders: places.map(({ folder }) => folder) });
    context.log('TYPE_DIRECTORIES_FOUND', { directories });
    context.log('TYPE_STRUCTURE_DETECTED');
    return context.log('FILE_ORGANIZATION_STARTED');
  }
  context.log('MULTI_PATH_MODE_ENABLED', { asset_count: places.length });
  context.log('FILE_ORGANIZATION_STARTED');
  for (const { name } of specificationsOf(context)) {
    const place = places.find(({ spec }) => spec === name);
    if (place === undefined) context.log('OPTIONAL_SPEC_SKIPPED', { spec: name });
    else if (there.includes(place))
      context.log('DISCOVERING_FILES_FOR_ASSET', { spec: name, recursive: place.isRecursive });
    else context.log('ASSET_PATH_NOT_FOUND', { asset: name, path: place.folder });
  }
}

/** Names in a log line; there may be a hundred thousand. */
const MOST_NAMES = 100;

function sayFound(
  context: UploadContext,
  places: readonly DiscoveryPlace[],
  { found, groups, leftOut }: Discovery,
): void {
  const isSingle = context.uploadParams.use_single_path;
  const total = Object.values(found).reduce((sum, count) => sum + count, 0);
  if (!isSingle) {
    for (const { spec } of places) context.log('FILES_FOUND_FOR_ASSET', { spec, count: found[spec] ?? 0 });
    context.log('ORGANIZING_FILES_MULTI_PATH', { file_count: total, spec_count: places.length });
    context.log('TYPE_DIRECTORIES_MULTI_PATH', { directories: places.map(({ spec }) => spec) });
  }
  sayLeftOut(context, leftOut);
  if (groups.length === 0) {
    if (Object.values(found).every((count) => count === 0)) return context.log('NO_FILES_FOUND_WARNING');
    return context.logMessage(uploadMessages.codes.UPLOAD_NO_FILES_FOUND);
  }
  const targets = groups.slice(0, MOST_NAMES).map(({ key }) => ({ source_file_name: key }));
  context.log('FILES_DISCOVERED', { count: groups.length, targets });
  if (!isSingle) context.log('DATA_UNITS_CREATED_FROM_FILES', { data_unit_count: groups.length, file_count: total });
  context.setProgress(1, 1);
  context.logMessage(uploadMessages.codes.UPLOAD_FILES_ORGANIZED, { values: { count: groups.length } });
}

function sayLeftOut(context: UploadContext, leftOut: readonly LeftOutFile[]): void {
  if (leftOut.length === 0) return;
  const files = leftOut.slice(0, MOST_NAMES).map(({ code, path, detail }) => ({ code, path, detail }));
  context.log('FILES_LEFT_OUT', { count: leftOut.length, files }, 'warning');
}
