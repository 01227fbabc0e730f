import { SynapseStepsError } from '@synapse-steps/core';

/** An exception that was raised in a plugin. */
export interface RemoteExceptionOptions {
  readonly plugin: string;
  readonly step: string | undefined;
  /** The name of its class there, e.g. `ZeroDivisionError`. */
  readonly type: string;
  readonly message: string;
  /** The lines of its stack as its language prints them. */
  readonly traceback: readonly string[];
  readonly cause?: unknown;
}

/** An exception that was raised in a plugin: its `name` is the class there, its `stack` the traceback of its language. */
export class RemoteException extends SynapseStepsError {
  constructor(options: RemoteExceptionOptions) {
    super({
      code: 'step_failed',
      message: options.message,
      ...(options.cause !== undefined && { cause: options.cause }),
      details: { plugin: options.plugin, ...(options.step !== undefined && { step: options.step }) },
    });
    this.name = options.type;
    if (options.traceback.length > 0) this.stack = options.traceback.join('\n');
  }
}
