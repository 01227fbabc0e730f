import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { errorMessage } from '@synapse-steps/core';
import { WorkflowError } from '../workflow-error.js';
import { schemaProblems } from './schema-problems.js';
import { workflowFileSchema, type WorkflowDefinition } from './workflow-file-schema.js';
import { YamlSource } from './yaml-source.js';

/** A workflow file that was read and is well-formed; nothing that it names has been looked at yet. */
export interface WorkflowFile {
  /** As the user named it; what messages show. */
  readonly file: string;
  /** The directory that paths in the file are relative to; absolute. */
  readonly folder: string;
  readonly name: string;
  readonly definition: WorkflowDefinition;
  readonly source: YamlSource;
}

/** @throws WorkflowError when there is no such file, it is not YAML, or has not the shape of a workflow. */
export async function readWorkflowFile(file: string, workDir: string): Promise<WorkflowFile> {
  const path = resolve(workDir, file);
  const source = new YamlSource(await readText(file, path));
  const value = toValue(file, source);
  const parsed = workflowFileSchema.safeParse(value);
  if (!parsed.success) throw new WorkflowError(schemaProblems(parsed.error.issues, { file, source, value }));
  const name = parsed.data.name ?? basename(path, extname(path));
  return { file, folder: dirname(path), name, definition: parsed.data, source };
}

async function readText(file: string, path: string): Promise<string> {
  try {
    const bytes = await readFile(path);
    if (bytes.length > MAX_BYTES) throw new Error(`it has ${bytes.length} bytes, more than ${MAX_BYTES}`);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new WorkflowError([{ file, message: READ_PROBLEMS[codeOf(error)] ?? unreadable(error) }], { cause: error });
  }
}

const MAX_BYTES = 1024 * 1024;

const READ_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file. Give the path of a workflow file, such as workflow.yaml.',
  EISDIR: 'this is a directory. Give the path of a workflow file in it, such as workflow.yaml.',
  EACCES: 'this file may not be read. Check its permissions.',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'this file is not UTF-8 text. Save it as UTF-8.',
};

function unreadable(error: unknown): string {
  return `the file cannot be read: ${errorMessage(error)}.`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function toValue(file: string, source: YamlSource): unknown {
  const [problem] = source.syntaxProblems; // those that follow are mostly its consequences
  if (problem) {
    throw new WorkflowError([
      { file, ...problem.position, message: `this is not YAML: ${firstLine(problem.message)}` },
    ]);
  }
  try {
    return source.toValue();
  } catch (error) {
    throw new WorkflowError([{ file, message: `this YAML cannot be read: ${errorMessage(error)}.` }], { cause: error });
  }
}

function firstLine(text: string): string {
  const line = text.split('\n', 1)[0] ?? text;
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
