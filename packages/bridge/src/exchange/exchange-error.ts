/** A reference names no file that may be taken; `pointer` says where in the message it stands. */
export class BadFileError extends Error {
  override readonly name = 'BadFileError';
  pointer = '';

  /** The same error, seen from the place that the reference stands at. */
  at(pointer: string): this {
    this.pointer = `${pointer}${this.pointer}`;
    return this;
  }
}

/** A value could not be written into the exchange folder; nothing of it is left there. */
export class ExchangeWriteError extends Error {
  override readonly name = 'ExchangeWriteError';

  constructor({ pointer, folder }: { readonly pointer: string; readonly folder: string }, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(
      `the value at ${pointer} could not be written into the exchange folder ${folder}: ${why}. Make room there, or name another place in SYNAPSE_STEPS_EXCHANGE_DIR`,
      { cause },
    );
  }
}

/** What is wrong with values that cannot be taken, and where. */
export function undecodableText(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return error instanceof BadFileError && error.pointer !== '' ? `the file at ${error.pointer}: ${text}` : text;
}
