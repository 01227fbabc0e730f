import { resolve } from 'node:path';
import type { PluginTarget } from '@synapse-steps/bridge';
import type { LoadWorkflowOptions } from '@synapse-steps/workflow';
import type { Described } from '../describe/workflow-description.js';
import { EXIT } from '../exit-codes.js';
import { Output } from '../output/output.js';
import { printableJson } from '../output/printable-json.js';
import { printableLines } from '../output/printable-text.js';
import { isFile } from '../run/check-target.js';
import { interruptible } from '../run/interruptible.js';
import { loadTarget } from '../run/load-target.js';
import { readParams, type ParamOptions } from '../run/read-params.js';
import { sayEnvironment } from '../run/say-environment.js';
import { makeRecordFile } from '../run/record-file.js';
import { UsageError } from '../usage-error.js';

export interface DescribeCommandOptions extends ParamOptions {
  readonly json?: boolean;
  readonly debug?: boolean;
  readonly record?: string;
}

export interface DescribeTarget {
  readonly target: string | undefined;
  /** What followed `--`. */
  readonly pluginCommand: readonly string[] | undefined;
}

/** `synapse-steps describe`: shows what a workflow or a plugin consists of; plugins are started, no step is run. */
export async function describeCommand(target: DescribeTarget, options: DescribeCommandOptions): Promise<number> {
  const output = new Output();
  output.keepStdout();
  const logged: string[] = [];
  const described = await describe(target, options, {
    onPluginLog: ({ plugin, message }) => void logged.push(`${plugin} | ${message}`),
    onPluginEnvironment: (progress) => sayEnvironment(output, progress),
  });
  for (const line of logged.flatMap(printableLines)) output.problem(line);
  if (options.json) {
    output.line(printableJson(described.description));
    return EXIT.succeeded;
  }
  const { descriptionLines } = await import('../describe/description-lines.js');
  for (const line of descriptionLines(described)) output.line(line);
  return EXIT.succeeded;
}

type Listeners = Required<Pick<LoadWorkflowOptions, 'onPluginLog' | 'onPluginEnvironment'>>;

async function describe(
  { target, pluginCommand }: DescribeTarget,
  options: DescribeCommandOptions,
  listeners: Listeners,
): Promise<Described> {
  if (pluginCommand === undefined) {
    const file = requireTarget(target);
    if (file.endsWith('.py')) return await describePlugin(await pythonPlugin(file), options, listeners);
    return await describeTarget(file, options, listeners);
  }
  if (target !== undefined || pluginCommand.length === 0) {
    throw new UsageError(
      'Give either a workflow file, or -- and the command of a plugin: synapse-steps describe -- ./my-plugin',
    );
  }
  return await describePlugin({ command: pluginCommand }, options, listeners);
}

async function pythonPlugin(file: string): Promise<PluginTarget> {
  if (await isFile(file)) return { python: resolve(file) };
  throw new UsageError(`${file}: there is no such file. Give the path of a Python plugin, or of a workflow file.`);
}

async function describePlugin(
  plugin: PluginTarget,
  options: DescribeCommandOptions,
  { onPluginLog: onLog }: Listeners,
): Promise<Described> {
  const record = await makeRecordFile(options.record);
  const { connectPlugin } = await import('@synapse-steps/bridge');
  const { describePlugin: describeSession } = await import('../describe/workflow-description.js');
  const session = await interruptible(async (signal) => await connectPlugin(plugin, { record, onLog, signal }));
  try {
    return describeSession(session);
  } finally {
    await session.close();
  }
}

function requireTarget(target: string | undefined): string {
  if (target !== undefined) return target;
  throw new UsageError(
    'Say what to describe: a workflow file, such as workflow.yaml, an action, file.ts#NAME, a Python plugin, or -- and the command of a plugin.',
  );
}

async function describeTarget(
  target: string,
  options: DescribeCommandOptions,
  listeners: Listeners,
): Promise<Described> {
  const { describeWorkflow } = await import('../describe/workflow-description.js');
  const params = await readParams(options);
  const { debug = false } = options;
  const record = await makeRecordFile(options.record);
  const workflow = await loadTarget(target, { params, checkParams: false, debug, record, ...listeners });
  try {
    return describeWorkflow(workflow);
  } finally {
    await workflow.close();
  }
}
