import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import { DatasetError } from '../dataset-error.js';
import { beyondOf } from '../dm/beyond-of.js';
import type { AnnotatedPicture } from '../model/annotated-picture.js';
import type { DatasetFormat } from '../model/dataset-format.js';
import type { DatasetSource, OpenDatasetOptions } from '../model/dataset-reader.js';
import type { DatasetSink, DatasetWriter, WriteDatasetOptions } from '../model/dataset-writer.js';
import type { DatasetLog } from '../download/download-log.js';
import { isFree, makeFolder } from '../output/make-folder.js';
import {
  conversionKey,
  readConversionMarker,
  writeConversionMarker,
  type FinishedConversion,
} from './conversion-marker.js';
import { LeftOutList, type ConversionReport } from './conversion-report.js';
import { isFileSystemError } from '../pictures/file-system-error.js';
import { pictureLabel } from '../pictures/usable-picture.js';
import { readerOf, writerOf } from './formats.js';
import { refuseOverlap } from './refuse-overlap.js';
import { surveyDataset } from './survey-dataset.js';

export interface ConvertDatasetOptions extends OpenDatasetOptions, WriteDatasetOptions {
  readonly from: DatasetFormat;
  readonly to: DatasetFormat;
  /** The folder to read. */
  readonly input: string;
  /** The folder to make. It appears when it is complete. */
  readonly output: string;
  /**
   * Takes an output that is there and was made of the same data in the same way, instead of refusing it; one that was made
   * of other data is made anew. What is no conversion is refused all the same. Default false.
   */
  readonly reuse?: boolean | undefined;
  /** Told after each picture. `total` is unknown at first where the format does not say how many there are. */
  readonly onProgress?: ((progress: ConversionProgress) => void) | undefined;
  readonly log?: DatasetLog | undefined;
}

export interface ConversionProgress {
  /** `survey`: read for the first time, because the format must know classes first. */
  readonly phase: 'survey' | 'convert';
  readonly pictures: number;
  readonly total: number | undefined;
}

/**
 * Converts a data set: any format that can be read into any that can be written, one picture at a time. The output folder
 * appears when it is complete, and not at all when something goes wrong.
 *
 * @throws DatasetError `path_missing`, `dataset_not_readable`, `split_missing`, `dataset_empty`, `output_exists`,
 *   `output_not_writable`, `format_unknown`, `params_invalid` (input and output overlap); what the file system throws; the signal's reason
 * @example
 * const report = await convertDataset({ from: 'dm_v2', to: 'yolo', input: 'pictures', output: 'pictures_yolo' });
 * console.log(report.configPath, report.leftOutCounts);
 */
export async function convertDataset(options: ConvertDatasetOptions): Promise<ConversionReport> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await convertOnce(options);
    } catch (error) {
      if (options.reuse !== true || attempt === MOST_ATTEMPTS || !(await wasFaster(error, options))) throw error;
    }
  }
}

const MOST_ATTEMPTS = 5;

/** Whether somebody else has made the same folder meanwhile: then it may be taken. */
async function wasFaster(error: unknown, { output }: ConvertDatasetOptions): Promise<boolean> {
  if (!DatasetError.is(error) || error.code !== 'output_exists') return false;
  const folder = resolve(output);
  const isOurs = async (): Promise<boolean> => (await readConversionMarker(folder)) !== undefined;
  return (await isOurs()) || (await isFree(folder)) || (await isOurs()); // it may be exchanged between two looks
}

async function convertOnce(options: ConvertDatasetOptions): Promise<ConversionReport> {
  options.signal?.throwIfAborted();
  const { from, to, log = {} } = options;
  const [input, output] = [resolve(options.input), resolve(options.output)];
  const [reader, writer] = [readerOf(from), writerOf(to)];
  await refuseMissing(input);
  await refuseOverlap(input, output);
  const asked = options.reuse === true ? await conversionKey(options, input) : undefined;
  const found = asked === undefined ? undefined : await readConversionMarker(output);
  if (found !== undefined && found.asked === asked) {
    log.event?.('convert_cache_hit', { path: output });
    return { ...reportOf(found), format: to, path: output, reused: true };
  }
  tellStart(log, options, input);
  const source = await reader.open(input, options);
  const fill = async (folder: string): Promise<ConversionReport> => {
    const report = await new Conversion(options, source, writer).run(folder);
    if (asked !== undefined) await writeConversionMarker(folder, asked, report);
    return report;
  };
  const report = await makeFolder(output, fill, { replace: found !== undefined });
  log.event?.('convert_complete', { output_path: output, config_path: report.configPath ?? null });
  log.message?.('DATASET_CONVERSION_COMPLETED', {});
  return report;
}

function tellStart(log: DatasetLog, { from, to, categorized }: ConvertDatasetOptions, input: string): void {
  const formats = { source_path: input, source_format: from, target_format: to };
  log.event?.('convert_start', { ...formats, is_categorized: categorized ?? false });
  log.message?.('DATASET_CONVERTING', { source: from, target: to });
}

async function refuseMissing(input: string): Promise<void> {
  try {
    if ((await stat(input)).isDirectory()) return;
  } catch (error) {
    if (!isFileSystemError(error, 'ENOENT', 'ENOTDIR')) throw error;
    throw new DatasetError({ code: 'path_missing', message: `Dataset path does not exist: ${input}` });
  }
  const message = `${input} is a file, and no folder. Name the folder of the data set: ${dirname(input)}, or one above it.`;
  throw new DatasetError({ code: 'path_missing', message });
}

function reportOf(found: FinishedConversion): Omit<ConversionReport, 'format' | 'path' | 'reused'> {
  const { categorized, pictures, annotations, configPath } = found;
  const leftOut = found.leftOut as ConversionReport['leftOut']; // as this package wrote it
  return { categorized, pictures, annotations, configPath, leftOut, leftOutCounts: found.leftOutCounts };
}

class Conversion {
  readonly #options: ConvertDatasetOptions;
  readonly #source: DatasetSource;
  readonly #writer: DatasetWriter;
  readonly #leftOut = new LeftOutList();
  #seen = 0;
  #pictures = 0;
  #annotations = 0;
  #total: number | undefined;

  constructor(options: ConvertDatasetOptions, source: DatasetSource, writer: DatasetWriter) {
    this.#options = options;
    this.#source = source;
    this.#writer = writer;
    this.#total = source.pictureCount;
  }

  async run(folder: string): Promise<ConversionReport> {
    const sink = await this.#begin(folder);
    try {
      await this.#addAll(sink);
      this.#refuseEmpty();
      const { configPath } = await sink.finish();
      return this.#report(configPath);
    } catch (error) {
      await sink.abort?.();
      throw error;
    }
  }

  async #begin(folder: string): Promise<DatasetSink> {
    const { segmentation, outside, copyPictures, signal } = this.#options;
    const survey = this.#writer.wantsSurvey ? await this.#survey() : undefined;
    return this.#writer.begin({
      segmentation,
      outside,
      copyPictures,
      signal,
      folder,
      survey,
      finalFolder: resolve(this.#options.output),
      splits: this.#source.splits,
      sourceClasses: this.#source.classes,
      leaveOut: this.#leftOut.leaveOut,
    });
  }

  async #survey(): ReturnType<typeof surveyDataset> {
    let pictures = 0;
    const onPicture = (): void => this.#tell('survey', (pictures += 1));
    const survey = await surveyDataset(this.#source, { signal: this.#options.signal, onPicture });
    this.#total = survey.pictures;
    return survey;
  }

  async #addAll(sink: DatasetSink): Promise<void> {
    const { signal } = this.#options;
    for await (const picture of this.#source.pictures({ leaveOut: this.#leftOut.leaveOut, signal })) {
      signal?.throwIfAborted();
      const annotations = await sink.add(picture);
      this.#seen += 1;
      if (annotations !== undefined) {
        this.#tellBeyond(picture);
        this.#pictures += 1;
        this.#annotations += annotations;
      }
      this.#tell('convert', this.#seen);
    }
    signal?.throwIfAborted();
  }

  /** What only DM can say, and the other format cannot. */
  #tellBeyond(picture: AnnotatedPicture): void {
    if (this.#writer.format.startsWith('dm_') || picture.extra === undefined) return;
    for (const [tool, count] of beyondOf(picture.extra)) {
      const reason = `${count} of ${tool} cannot be said in ${this.#writer.format}.`;
      this.#leftOut.leaveOut({ code: 'kind_not_supported', picture: pictureLabel(picture), annotation: tool, reason });
    }
  }

  #tell(phase: ConversionProgress['phase'], pictures: number): void {
    this.#options.onProgress?.({ phase, pictures, total: this.#total });
  }

  #refuseEmpty(): void {
    if (this.#pictures > 0) return;
    const first = this.#leftOut.entries[0];
    const why = first === undefined ? 'It holds no pictures.' : `The first of ${this.#seen}: ${first.reason}`;
    throw new DatasetError({
      code: 'dataset_empty',
      message: `Nothing of ${this.#source.folder} can be converted from ${this.#source.format} to ${this.#writer.format}. ${why}`,
      details: { leftOut: { ...this.#leftOut.counts } },
    });
  }

  #report(configPath: string | undefined): ConversionReport {
    const path = resolve(this.#options.output);
    return {
      format: this.#writer.format,
      path,
      configPath: configPath === undefined ? undefined : resolve(path, configPath),
      categorized: this.#source.splits !== undefined,
      pictures: this.#pictures,
      annotations: this.#annotations,
      leftOut: this.#leftOut.entries,
      leftOutCounts: this.#leftOut.counts,
      reused: false,
    };
  }
}
