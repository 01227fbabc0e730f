import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ConnectPluginOptions, PluginSession, PluginTarget, SessionLimits } from '@synapse-steps/bridge';
import { errorMessage } from '@synapse-steps/core';
import { parseDuration } from '../file/duration.js';
import type { WorkflowFile } from '../file/read-workflow-file.js';
import type { PluginDefinition } from '../file/workflow-file-schema.js';
import type { PythonEnvironmentProgress } from '../python-environment/python-environment.js';
import { WorkflowError } from '../workflow-error.js';
import { keyOfProblem, preparePluginPython } from './prepare-plugin-python.js';
import { requirementsHint } from './requirements-hint.js';

/** A line that a plugin printed outside of any step, or that is said about it. */
export interface PluginLogEntry {
  readonly plugin: string;
  readonly level: 'info' | 'warning';
  readonly message: string;
  readonly source?: 'stdout' | 'stderr';
}

export type PluginLog = (entry: PluginLogEntry) => void;

/** What is being done to prepare the Python environment of a plugin. */
export type PluginEnvironmentLog = (progress: PythonEnvironmentProgress & { readonly plugin: string }) => void;

export interface PluginGroupOptions {
  readonly workDir: string;
  readonly onEnvironment: PluginEnvironmentLog | undefined;
  readonly onLog: PluginLog | undefined;
  readonly debug: boolean;
  readonly record: string | undefined;
}

/** The plugins of one workflow, all starting from the moment it is made. */
export class PluginGroup {
  readonly #giveUp = new AbortController();
  readonly #sessions: ReadonlyMap<string, Promise<PluginSession>>;

  constructor(file: WorkflowFile, names: readonly string[], options: PluginGroupOptions) {
    const start = async (name: string): Promise<PluginSession> => await this.#start(file, name, options);
    this.#sessions = new Map(names.map((name) => [name, start(name)]));
    // Whoever asks for a session hears of its failure; until then it is not an unhandled one.
    for (const session of this.#sessions.values()) session.catch(() => undefined);
  }

  /** A running plugin. @throws WorkflowError when it did not start. */
  async session(name: string): Promise<PluginSession> {
    const session = this.#sessions.get(name);
    if (session === undefined) throw new RangeError(`There is no plugin '${name}' in this group.`);
    return await session;
  }

  /** Waits for `work`; when that fails, plugins that are still starting are not waited for. */
  async orGiveUp<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.#giveUp.abort();
      throw error;
    }
  }

  /** Ends all plugins, also those that are still starting. */
  async close(): Promise<void> {
    this.#giveUp.abort();
    const settled = await Promise.allSettled(this.#sessions.values());
    await Promise.all(settled.map(async (result) => result.status === 'fulfilled' && (await result.value.close())));
  }

  async #start(file: WorkflowFile, name: string, options: PluginGroupOptions): Promise<PluginSession> {
    const definition = file.definition.plugins?.[name] as PluginDefinition;
    checkSecrets(file, name, definition);
    try {
      const target = targetOf(definition, file.folder);
      await checkFile(definition, target);
      const interpreter = await preparePluginPython(definition, {
        folder: file.folder,
        workDir: options.workDir,
        onProgress: progressOf(name, options),
        signal: this.#giveUp.signal,
      });
      // A workflow without plugins does not pay for what starts them.
      const { connectPlugin } = await import('@synapse-steps/bridge');
      return await connectPlugin(
        { ...target, ...(interpreter !== undefined && { interpreter }) },
        {
          name,
          cwd: options.workDir,
          ...processOptions(definition, options),
          signal: this.#giveUp.signal,
        },
      );
    } catch (error) {
      // Somebody else's failure ended this start: that one is told, and nothing is wrong here.
      if (this.#giveUp.signal.aborted) throw new WorkflowError([], { cause: error });
      const message = `the plugin '${name}' (${sourceText(definition)}) cannot be used: ${errorMessage(error)}${requirementsHint(definition, error)}`;
      const position = file.source.positionOfKey(['plugins', name, ...keyOfProblem(error)]);
      throw new WorkflowError([{ file: file.file, ...position, message }], { cause: error });
    }
  }
}

/** What is done for an environment is told as plugins' own lines are, where nobody listens to it apart. */
function progressOf(name: string, { onEnvironment, onLog }: PluginGroupOptions) {
  return (progress: PythonEnvironmentProgress): void => {
    if (onEnvironment) onEnvironment({ plugin: name, ...progress });
    else onLog?.({ plugin: name, level: 'info', message: `Python environment: ${progress.message}` });
  };
}

function processOptions(
  definition: PluginDefinition,
  { onLog, debug, record }: PluginGroupOptions,
): ConnectPluginOptions {
  const { env = [], secrets = [], workers, isolation, idle } = definition;
  return {
    env,
    secrets,
    record,
    ...(workers !== undefined && { workers }),
    ...(isolation !== undefined && { isolation }),
    ...(onLog && { onLog }),
    limits: { ...(idle !== undefined && { idleMs: parseDuration(idle) }), ...(debug && NO_TIME_LIMITS) },
  };
}

/** The longest time that a timer of Node can wait for: three weeks. */
const LONGEST_MS = 2 ** 31 - 1;

const NO_TIME_LIMITS: Partial<SessionLimits> = {
  handshakeMs: LONGEST_MS,
  cancelGraceMs: LONGEST_MS,
  hangTimeoutMs: 0,
  idleMs: 0,
};

function checkSecrets(file: WorkflowFile, name: string, { secrets = [] }: PluginDefinition): void {
  const missing = secrets.filter((secret) => (process.env[secret] ?? '') === '');
  if (missing.length === 0) return;
  const position = file.source.positionOfValue(['plugins', name, 'secrets']);
  const message = `the plugin '${name}' needs ${missing.map((secret) => `'${secret}'`).join(', ')} from the environment, where that is not set. Set it and start again.`;
  throw new WorkflowError([{ file: file.file, ...position, message }]);
}

/** Paths in the file are relative to it; what is no path (a command of PATH, a Python module, an option) stays as it is. */
function targetOf(definition: PluginDefinition, folder: string): PluginTarget {
  const { python, interpreter, command = [] } = definition;
  if (python === undefined) return { command: command.map((part, index) => commandPart(part, index, folder)) };
  const isFile = python.endsWith('.py') || python.includes('/');
  return {
    python: isFile ? resolve(folder, python) : python,
    ...(interpreter !== undefined && {
      interpreter: interpreter.includes('/') ? resolve(folder, interpreter) : interpreter,
    }),
  };
}

/** Here, because only this package knows what the path is relative to. */
async function checkFile({ python, command = [] }: PluginDefinition, target: PluginTarget): Promise<void> {
  const written = python ?? command[0] ?? '';
  const path = 'python' in target ? target.python : target.command[0];
  if (path === undefined || !path.includes('/')) return;
  await stat(path).catch((error: unknown) => {
    throw new Error(`there is no file ${written}. The path is relative to the workflow file: ${path}.`, {
      cause: error,
    });
  });
}

function commandPart(part: string, index: number, folder: string): string {
  const isPath = index === 0 ? part.includes('/') : /^\.{1,2}\//.test(part);
  return isPath ? resolve(folder, part) : part;
}

function sourceText({ python, command = [] }: PluginDefinition): string {
  return python === undefined ? command.join(' ') : `Python, ${python}`;
}
