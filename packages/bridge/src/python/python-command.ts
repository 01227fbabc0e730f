import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findInterpreter, NoPythonError } from './find-interpreter.js';
import { pythonRuntimeFolder } from './runtime-folder.js';
import { PluginError } from '../session/plugin-error.js';

/** A plugin in Python, and where it runs. */
export interface PythonCommandOptions {
  readonly plugin: string;
  /** A file, or the name of a module that the interpreter can import. */
  readonly python: string;
  readonly interpreter?: string | undefined;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly virtualEnv: string | undefined;
}

/** What makes Python write each line at once and in UTF-8, whatever the machine's own settings are. */
export const PYTHON_ENVIRONMENT: Readonly<Record<string, string>> = {
  PYTHONUNBUFFERED: '1',
  PYTHONUTF8: '1',
  PYTHONIOENCODING: 'utf-8:backslashreplace',
};

/**
 * The command that serves the steps of a Python file with the runtime of this package.
 *
 * @throws PluginError of the kind `spawn_failed` when the file or a Python for it is missing.
 */
export async function pythonCommand(options: PythonCommandOptions): Promise<string[]> {
  const target = isFile(options.python) ? resolve(options.cwd, options.python) : options.python;
  if (isFile(options.python) && !existsSync(target)) {
    throw spawnError(options.plugin, `There is no file ${target}. The path is relative to ${options.cwd}.`);
  }
  try {
    const interpreter = await findInterpreter({ ...options, file: target });
    // by its file: started by folder, Python loads runpy and its imports first, some 20 ms
    return [interpreter, join(pythonRuntimeFolder(), '__main__.py'), target];
  } catch (error) {
    throw error instanceof NoPythonError ? spawnError(options.plugin, error.message, error) : error;
  }
}

function isFile(python: string): boolean {
  return python.endsWith('.py') || python.includes('/');
}

function spawnError(plugin: string, message: string, cause?: unknown): PluginError {
  return new PluginError({
    kind: 'spawn_failed',
    plugin,
    message: `Plugin '${plugin}' could not be started. ${message}`,
    ...(cause !== undefined && { cause }),
  });
}
