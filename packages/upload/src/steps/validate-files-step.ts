import { basename, join } from 'node:path';

import { StepResult } from '@synapse-steps/core';

import type { FileGroup, LeftOutFile } from '../file-group.js';
import { logImportReport } from '../report/import-events.js';
import { importReport } from '../report/import-report.js';
import type { ContentFinding, ValidationStrategy } from '../strategies.js';
import type { UploadContext } from '../upload-context.js';
import { UploadError } from '../upload-error.js';
import { uploadMessages } from '../upload-messages.js';
import { checkContent } from '../validation/check-content.js';
import { checkFrameRate } from '../validation/check-frame-rate.js';
import { DefaultValidationStrategy } from '../validation/default-validation-strategy.js';
import { filterByExtension } from '../validation/filter-by-extension.js';
import { specificationsOf } from './storage-of.js';
import { UploadStep } from './upload-step.js';

export interface ValidateFilesStepOptions {
  /** Default: required files and extensions, by the collection's specifications. */
  readonly strategy?: ValidationStrategy;
  /** Look into files for scripts, programs and credentials, and leave those groups out. Default true. */
  readonly checkContent?: boolean;
  /** Refuse videos whose frame rate varies, where `ffprobe` is installed. Default true. */
  readonly checkFrameRate?: boolean;
}

/** Leaves out what must not be uploaded, and fails when what remains is not what the collection wants. */
export class ValidateFilesStep extends UploadStep {
  readonly name = 'validate_files';
  readonly progressWeight = 0.1;
  protected readonly rollbackEvent = 'ROLLBACK_FILE_VALIDATION';
  readonly #strategy: ValidationStrategy;
  readonly #options: ValidateFilesStepOptions;

  constructor(options: ValidateFilesStepOptions = {}) {
    super();
    this.#strategy = options.strategy ?? new DefaultValidationStrategy();
    this.#options = options;
  }

  async execute(context: UploadContext): Promise<StepResult> {
    const groups = context.organizedFiles;
    if (groups.length === 0) {
      context.log('NO_FILES_FOUND_WARNING');
      throw new UploadError({
        code: 'validation_failed',
        message: 'No organized files to validate',
        ...whyNone(context),
      });
    }
    context.setProgress(0, 1);
    const allowed = keepAllowed(context, groups);
    await this.#validate(context, allowed);
    const kept = await this.#keepSafe(context, allowed);
    await this.#refuseVariableFrameRates(context, kept);
    context.organizedFiles = kept;
    context.setProgress(1, 1);
    context.log('STEP_COMPLETED', { step: this.name, files_count: kept.length });
    context.logMessage(uploadMessages.codes.UPLOAD_VALIDATION_PASSED, { values: { count: kept.length } });
    return StepResult.ok({ data: { validationPassed: true, groups: kept.length } });
  }

  protected reset(): void {}

  async #validate(context: UploadContext, groups: readonly FileGroup[]): Promise<void> {
    const specifications = specificationsOf(context);
    const problems = await this.#strategy.validate({ groups, specifications, signal: context.signal });
    if (problems.length === 0) return;
    context.log('VALIDATION_FAILED', { errors: problems.slice(0, MOST_NAMES), count: problems.length });
    refuse(context, groups, `File validation failed: ${problems.join(', ')}`);
  }

  async #keepSafe(context: UploadContext, groups: readonly FileGroup[]): Promise<FileGroup[]> {
    if (this.#options.checkContent === false) return [...groups];
    const findings = await checkContent(groups, { signal: context.signal });
    if (findings.length === 0) return [...groups];
    const unsafe = new Set(findings.map(({ key }) => key));
    const kept = groups.filter(({ key }) => !unsafe.has(key));
    tellUnsafe(context, findings, { excluded: unsafe.size, remaining: kept.length });
    if (kept.length === 0) refuse(context, [], 'All files were excluded: unsafe file content');
    return kept;
  }

  async #refuseVariableFrameRates(context: UploadContext, groups: readonly FileGroup[]): Promise<void> {
    if (this.#options.checkFrameRate === false) return;
    const specifications = specificationsOf(context);
    const { problems, warnings } = await checkFrameRate(groups, { specifications, signal: context.signal });
    for (const warning of warnings) context.logMessage(warning, 'warning');
    if (problems.length > 0) refuse(context, groups, `File validation failed: ${problems.join(', ')}`);
  }
}

/** The folders that were looked into. */
function whyNone(context: UploadContext): { cause?: Error } {
  const { uploadParams, baseFolder, storage } = context;
  const { use_single_path: isSingle, assets } = uploadParams;
  const base = isSingle ? baseFolder : storage?.folder;
  if (base === undefined) return {};
  const names = isSingle
    ? specificationsOf(context).map(({ name }) => name)
    : Object.values(assets ?? {}).map(({ path }) => path);
  return {
    cause: new Error(
      `No file was found below ${names.map((name) => join(base, name)).join(', ')}. Is a folder of that name there?`,
    ),
  };
}

/** Names in a log line; there may be a hundred thousand. */
const MOST_NAMES = 100;

function keepAllowed(context: UploadContext, groups: readonly FileGroup[]): readonly FileGroup[] {
  const allowed = context.allowedExtensions;
  if (Object.keys(allowed).length === 0) return groups;
  const { kept, leftOut } = filterByExtension(groups, { specifications: specificationsOf(context), allowed });
  if (leftOut.length === 0) return groups;
  context.leftOutFiles = [...context.leftOutFiles, ...leftOut];
  const files = leftOut.slice(0, MOST_NAMES).map(({ path }) => basename(path));
  const counts = { filtered_count: leftOut.length, remaining_count: kept.length };
  context.log('FILES_FILTERED_BY_EXTENSION', { ...counts, files });
  if (kept.length > 0) return kept;
  throw new UploadError({ code: 'validation_failed', message: 'No files remaining after extension filtering' });
}

function tellUnsafe(
  context: UploadContext,
  findings: readonly ContentFinding[],
  { excluded, remaining }: { readonly excluded: number; readonly remaining: number },
): void {
  const leftOut: LeftOutFile[] = [];
  for (const inFile of byFile(findings)) {
    const [{ path, key, spec }] = inFile;
    const list = inFile.map(({ rule, label, byte }) => ({ rule, label, ...(byte !== undefined && { offset: byte }) }));
    const detail = inFile.map(told).join(', ');
    context.log('UNSAFE_FILE_CONTENT', { file: path, spec, findings: list }, 'danger');
    leftOut.push({ code: 'UNSAFE_CONTENT', path, key, spec, detail });
  }
  context.leftOutFiles = [...context.leftOutFiles, ...leftOut];
  const files = leftOut.slice(0, MOST_NAMES).map(({ path }) => basename(path));
  context.log('UNSAFE_FILES_EXCLUDED', { excluded_count: excluded, remaining_count: remaining, files }, 'warning');
  context.logMessage(uploadMessages.codes.UPLOAD_UNSAFE_FILES_EXCLUDED, {
    values: { count: excluded, files: files.join(', ') },
  });
}

function told({ rule, label, byte }: ContentFinding): string {
  return `${rule}(${label})${byte === undefined ? '' : ` at byte ${byte}`}`;
}

function byFile(findings: readonly ContentFinding[]): Iterable<[ContentFinding, ...ContentFinding[]]> {
  const files = new Map<string, [ContentFinding, ...ContentFinding[]]>();
  for (const finding of findings) {
    const known = files.get(finding.path);
    if (known) known.push(finding);
    else files.set(finding.path, [finding]);
  }
  return files.values();
}

/** Tells what becomes of the files, now that the step fails: no later step will. */
function refuse(context: UploadContext, groups: readonly FileGroup[], message: string): never {
  const processedAt = new Date().toISOString();
  const reasonDetail = message.slice(0, 500);
  const refused = groups.map(({ key }) => {
    return { name: key, status: 'failed' as const, reasonCode: 'VALIDATION_FAILED', reasonDetail, processedAt };
  });
  context.importEntries = [...context.importEntries, ...refused];
  context.logMessage(message, 'danger');
  context.markUserFailureEmitted();
  logImportReport(context, importReport(context));
  throw new UploadError({ code: 'validation_failed', message });
}
