import {
  convertDataset,
  datasetFormats,
  type ConvertDatasetOptions,
  type DatasetFormat,
} from '@synapse-steps/datasets';
import { errorMessage } from '@synapse-steps/core';
import { ConversionProgressLine } from '../convert/conversion-progress-line.js';
import { likelyFormat } from '../convert/likely-format.js';
import { isComplete, reportLines } from '../convert/report-lines.js';
import { EXIT } from '../exit-codes.js';
import { Output } from '../output/output.js';
import { printableJson } from '../output/printable-json.js';
import { printableLines } from '../output/printable-text.js';
import { isInterruption } from '../run/interrupted-error.js';
import { interruptible } from '../run/interruptible.js';
import { UsageError } from '../usage-error.js';

export interface ConvertCommandOptions {
  readonly from: string;
  readonly to: string;
  readonly splits?: string;
  readonly classes?: string;
  readonly segmentation?: string;
  readonly outside?: string;
  readonly copy?: boolean;
  readonly allowLeftOut?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `synapse-steps convert`: makes a folder in another format, and tells what did not fit into it. */
export async function convertCommand(input: string, output: string, options: ConvertCommandOptions): Promise<number> {
  const screen = new Output();
  const asked = readOptions(input, output, options);
  const progress = new ConversionProgressLine({ output: screen, isSilent: options.quiet ?? false });
  try {
    const report = await interruptible(
      async (signal) => await convertDataset({ ...asked, signal, onProgress: (state) => progress.show(state) }),
    );
    progress.clear();
    if (options.json) screen.line(printableJson(report));
    else for (const line of reportLines(report)) screen.line(line);
    return isComplete(report) || options.allowLeftOut ? EXIT.succeeded : EXIT.failed;
  } catch (error) {
    progress.clear();
    if (!isInterruption(error)) throw told(error);
    for (const line of printableLines(`Cancelled (${errorMessage(error)}); nothing was written.`)) screen.problem(line);
    return EXIT.cancelled;
  }
}

/** What the file system refuses is nobody's fault here, and needs no stack. */
function told(error: unknown): unknown {
  const isOfSystem = error instanceof Error && 'syscall' in error;
  return isOfSystem ? new UsageError(`${error.message}. Nothing was written.`, { cause: error }) : error;
}

function readOptions(input: string, output: string, options: ConvertCommandOptions): ConvertDatasetOptions {
  const { from, to, splits, classes, segmentation, outside, copy } = options;
  return {
    from: readFormat('--from', from),
    to: readFormat('--to', to),
    input,
    output,
    splits: readNames('--splits', splits),
    classNames: readNames('--classes', classes),
    segmentation: readWord('--segmentation', segmentation, ['instance', 'semantic', 'exclude']),
    outside: readWord('--outside', outside, ['clip', 'leave-out']),
    copyPictures: copy,
  };
}

function readFormat(option: string, text: string): DatasetFormat {
  const format = datasetFormats.find((name) => name === text);
  if (format !== undefined) return format;
  throw new UsageError(
    `${option} '${text}' is no format. ${likelyFormat(text)}The formats are: ${datasetFormats.join(', ')}.`,
  );
}

function readNames(option: string, text: string | undefined): string[] | undefined {
  const names = text?.split(',').map((name) => name.trim());
  if (names?.includes(''))
    throw new UsageError(`${option} '${text}' has an empty name in it. Write ${option} one,two.`);
  return names;
}

function readWord<T extends string>(option: string, text: string | undefined, words: readonly T[]): T | undefined {
  const word = words.find((known) => known === text);
  if (text === undefined || word !== undefined) return word;
  throw new UsageError(`${option} '${text}' is not possible. Write one of: ${words.join(', ')}.`);
}
