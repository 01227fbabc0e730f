import { type JsonObject, SynapseStepsError } from '@synapse-steps/core';
import type { ProcessExit } from '../process/index.js';
import type { PatchOperation } from '../protocol/json-patch.js';
import { printable } from './printable.js';
import { type ErrorKind, retryableOf } from '../protocol/error-kinds.js';

const BRAND = Symbol.for('synapse-steps.plugin-error');

/** The facts of a plugin's failure. */
export interface PluginErrorOptions {
  /** What went wrong, as one word that code can switch on. A plugin may send kinds that this version does not know. */
  readonly kind: ErrorKind | (string & {});
  /** The name of the plugin. */
  readonly plugin: string;
  /** One sentence: what, where, and what to do next. */
  readonly message: string;
  readonly step?: string | undefined;
  readonly exit?: ProcessExit | undefined;
  /** The last lines that the plugin wrote to stderr; the newest of them are shown with the message. */
  readonly stderrTail?: readonly string[];
  readonly cause?: unknown;
  /** Nobody knows whether the step had its effect. */
  readonly outcomeUnknown?: boolean;
  /** What a cancelled step had changed in the context. */
  readonly patch?: readonly PatchOperation[] | undefined;
  /** More facts for machines. */
  readonly details?: JsonObject;
}

/**
 * A plugin failed, or failed us: it did not start, spoke no protocol, died, hung, or answered with an error. `code` is
 * the kind, `details` holds the plugin, the step, exit code, signal and the last lines of stderr.
 */
export class PluginError extends SynapseStepsError {
  readonly plugin: string;
  readonly step: string | undefined;
  readonly exit: ProcessExit | undefined;
  readonly stderrTail: readonly string[];
  /** What a cancelled step had changed in the context; applied by its RemoteStep. */
  readonly patch: readonly PatchOperation[];
  readonly [BRAND] = true;

  constructor(options: PluginErrorOptions) {
    const stderrTail = (options.stderrTail ?? []).slice(-DETAIL_LINES);
    super({
      code: options.kind,
      message: messageWithTail(options.message, stderrTail),
      ...('cause' in options && { cause: options.cause }),
      retryable: retryableOf(options.kind) !== 'never',
      ...(options.outcomeUnknown !== undefined && { outcomeUnknown: options.outcomeUnknown }),
      details: {
        plugin: options.plugin,
        ...(options.step !== undefined && { step: options.step }),
        ...(options.exit && { exitCode: options.exit.code, signal: options.exit.signal }),
        ...(stderrTail.length > 0 && { stderrTail: [...stderrTail] }),
        retryable: retryableOf(options.kind),
        ...options.details,
      },
    });
    this.name = 'PluginError';
    this.plugin = options.plugin;
    this.step = options.step;
    this.exit = options.exit;
    this.stderrTail = stderrTail;
    this.patch = options.patch ?? [];
  }

  static override is(value: unknown): value is PluginError {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}

const DETAIL_LINES = 64;
const MESSAGE_LINES = 20;

function messageWithTail(message: string, tail: readonly string[]): string {
  const shown = tail.slice(-MESSAGE_LINES).map((line) => `\n  | ${printable(line)}`);
  return shown.length === 0 ? message : `${message}\nThe last lines on its stderr:${shown.join('')}`;
}
