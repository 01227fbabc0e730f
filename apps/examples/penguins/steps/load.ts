import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { BaseStep, StepResult } from '@synapse-steps/core';
import { parse } from 'csv-parse/sync';
import type { PenguinContext, Row } from '../context.js';
import { columns } from '../penguin.js';

/** Reads the CSV file and leaves out the rows in which something is missing. */
export class LoadStep extends BaseStep<PenguinContext> {
  readonly name = 'load';
  readonly progressWeight = 0.05;

  async execute(context: PenguinContext) {
    const { csv, output } = context.settings;
    if (!existsSync(context.absolute(output))) {
      return StepResult.fail(`There is no folder ${output} to write models to. Make it first.`);
    }

    const rows = parseRows(csv, await readText(context, csv));
    context.rows = rows.filter((row) => missingIn(row).length === 0);
    if (context.rows.length === 0) return StepResult.fail(`${csv} has no row in which nothing is missing.`);

    const leftOut = rows.length - context.rows.length;
    const missing = countMissing(rows);
    context.logMessage(`${rows.length} rows, ${leftOut} left out because something is missing`);
    if (leftOut > 0) context.logMessage(`missing: ${describe(missing)}`);
    return StepResult.ok({ data: { rows: rows.length, leftOut, missing } });
  }
}

async function readText(context: PenguinContext, file: string): Promise<string> {
  try {
    return await readFile(context.absolute(file), 'utf8');
  } catch (cause) {
    throw new Error(`Cannot read the CSV file ${file}. Give another with --param csv=FILE.`, { cause });
  }
}

function parseRows(file: string, text: string): Row[] {
  try {
    const records = parse(text, { bom: true, columns: checkHeader, info: true, skip_empty_lines: true, trim: true });
    return (records as unknown as CsvRecord[]).map(({ record, info }) => ({ line: info.lines, values: record }));
  } catch (cause) {
    throw new Error(`${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

interface CsvRecord {
  readonly record: Row['values'];
  readonly info: { readonly lines: number };
}

function checkHeader(header: string[]): string[] {
  const absent = columns.filter((column) => !header.includes(column));
  if (absent.length === 0) return header;
  throw new Error(`the header on line 1 has no column ${absent.join(', ')}. It has: ${header.join(', ')}.`);
}

function missingIn({ values }: Row): string[] {
  return columns.filter((column) => values[column] === '' || values[column] === 'NA');
}

function countMissing(rows: readonly Row[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const column of rows.flatMap(missingIn)) counts[column] = (counts[column] ?? 0) + 1;
  return counts;
}

function describe(counts: Record<string, number>): string {
  return Object.entries(counts)
    .map(([column, count]) => `${column} ${count}`)
    .join(', ');
}
