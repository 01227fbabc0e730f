import type { JsonObject } from '@synapse-steps/core';
import { type ErrorKind, HOST_ERROR_KINDS, wireErrorKind } from '../protocol/error-kinds.js';
import type { WireError } from '../protocol/frame.js';
import { PluginError } from './plugin-error.js';
import { printable } from './printable.js';
import { RemoteException } from './remote-exception.js';

/** Whom an error answer concerns. */
export interface WireErrorSubject {
  readonly plugin: string;
  readonly step: string | undefined;
  /** Why the host had asked for the end of the call, if it had; kept at the end of the chain of causes. */
  readonly cancelReason?: unknown;
}

/** An error answer of a plugin as an error of the host. */
export function toPluginError(error: WireError, subject: WireErrorSubject): PluginError {
  const kind = kindOf(error);
  const cause = causeOf(error, subject);
  return new PluginError({
    kind,
    plugin: subject.plugin,
    step: subject.step,
    message: `${openingOf(subject, kind)}${saidBy(error, kind)}${tracebackOf(error, subject)}`,
    ...(cause !== undefined && { cause }),
    patch: error.data?.patch,
    details: detailsOf(error),
  });
}

/** What the plugin said, behind the opening; of a cancel only what the opening does not say already. */
function saidBy({ message, data }: WireError, kind: string): string {
  const said = kind === 'cancelled' ? message.replace(/^cancelled(?:: |\.?$)/i, '') : message;
  return said === '' ? '.' : `: ${sentences(said, data?.hint)}`;
}

function sentences(message: string, hint: string | undefined): string {
  if (hint === undefined) return message;
  return /[.!?]$/.test(message) ? `${message} ${hint}` : `${message}. ${hint}`;
}

function openingOf({ plugin, step }: WireErrorSubject, kind: string): string {
  if (step === undefined) return `Plugin '${plugin}' is not ready (${kind})`;
  if (kind === 'cancelled') return `Step '${step}' of plugin '${plugin}' was cancelled`;
  // whoever shows it names the step before it, and the place in the message says more
  if (kind === 'unserialisable_value') return `Plugin '${plugin}' has a value that cannot be sent`;
  return `Step '${step}' of plugin '${plugin}' answered with an error (${kind})`;
}

/** A plugin that fails before it has steps, as one that cannot be imported, has no better place for its traceback. */
function tracebackOf(error: WireError, { step }: WireErrorSubject): string {
  const traceback = error.data?.cause.find((link) => link.stack.length > 0)?.stack ?? [];
  return step === undefined
    ? traceback
        .slice(-SHOWN_LINES)
        .map((line) => `\n  | ${printable(line)}`)
        .join('')
    : '';
}

const SHOWN_LINES = 40;

/** A plugin cannot claim a kind that only the host makes, such as its own death. */
function kindOf(error: WireError): ErrorKind | (string & {}) {
  const claimed = error.data?.kind;
  if (claimed !== undefined && !Object.hasOwn(HOST_ERROR_KINDS, claimed)) return claimed;
  return wireErrorKind(error.code) ?? 'internal_error';
}

function causeOf(error: WireError, subject: WireErrorSubject): unknown {
  const links = error.data?.cause ?? [];
  let cause: unknown = subject.cancelReason;
  for (const link of links.toReversed()) {
    cause = new RemoteException({ ...subject, type: link.name, message: link.message, traceback: link.stack, cause });
  }
  return cause;
}

function detailsOf(error: WireError): JsonObject {
  return {
    wireCode: error.code,
    ...(error.data?.pointer !== undefined && { pointer: error.data.pointer }),
    ...(error.data?.hint !== undefined && { hint: error.data.hint }),
    ...(error.data?.retry_after_ms !== undefined && { retryAfterMs: error.data.retry_after_ms }),
  };
}
