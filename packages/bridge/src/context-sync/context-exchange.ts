import {
  type BaseStepContext,
  type ContextChange,
  ContextChanges,
  parsePointer,
  type PatchOperation,
} from '@synapse-steps/core';
import type { ContextDelta, ContextSnapshot } from '../protocol/step-call.js';
import { PluginError } from '../session/plugin-error.js';
import type { PluginPeer } from '../session/plugin-peer.js';
import { findConflict } from './find-conflict.js';
import { type HeldBase, type HeldContext, tokenOf, VersionRanges } from './held-context.js';

/**
 * One call's way with the context: out goes the whole, or what has changed since the state that the process is known to
 * hold; what comes back is applied, unless somebody else has changed the same place meanwhile.
 */
export class ContextExchange {
  readonly #context: BaseStepContext;
  readonly #plugin: string;
  readonly #changes: ContextChanges;
  #sent: Sent | undefined;
  #mayBeDelta = true;
  #isRefused = false;

  constructor(context: BaseStepContext, plugin: string) {
    this.#context = context;
    this.#plugin = plugin;
    this.#changes = ContextChanges.of(context);
  }

  /** The context for the process that will serve the call. @throws UnserialisableValueError naming a field that is no JSON. */
  contextFor({ capabilities, held, isBusy }: PluginPeer, rev: number): ContextSnapshot | ContextDelta {
    const problem = this.#changes.look();
    if (problem !== undefined) throw problem;
    const { runId } = this.#context;
    const { call, base } = held.begin(isBusy());
    const { version } = this.#changes;
    const token = tokenOf(this.#changes);
    this.#sent = { runId, rev, changes: token, version, own: new VersionRanges(), held, call, isDelta: false };
    if (!capabilities.context_delta || !this.#mayBeDelta) return { rev, full: this.#context.toJSON() };
    if (base?.runId !== runId || base.changes !== token) return { rev, full: this.#context.toJSON() };
    this.#sent.isDelta = true;
    const isKnown = ({ version, mayDiffer }: ContextChange): boolean => mayDiffer !== true && base.own.has(version);
    return { base: base.rev, rev, patch: this.#changes.patchSince(base.version, isKnown) };
  }

  /** Whether the call has to be made again, with the whole context: the process did not hold what it was known to hold. */
  needsWhole(error: unknown): boolean {
    if (this.#sent?.isDelta !== true || !PluginError.is(error) || error.code !== 'context_base_missing') return false;
    this.#mayBeDelta = false;
    return true;
  }

  /**
   * Applies what the plugin says that it changed, all or nothing.
   *
   * @throws PluginError of the kind `context_conflict`, and what a patch of a context throws.
   */
  apply(operations: readonly PatchOperation[]): void {
    if (operations.length === 0) return;
    try {
      if (this.#context.undoAttempt === 0) this.#checkConflict(operations);
      this.#context.patch(operations);
      const { after, last } = this.#changes.lastApplied; // and not what a journal found of others on this occasion
      this.#sent?.own.add(after, last);
    } catch (error) {
      this.#isRefused = true;
      throw error;
    }
  }

  /** The call ended well: from now on the process is known to hold the state that it left, if that is the one of here. */
  succeeded(): void {
    if (this.#sent === undefined || this.#isRefused) return;
    const { held, call } = this.#sent;
    held.keep(call, this.#sent);
  }

  #checkConflict(operations: readonly PatchOperation[]): void {
    const sent = this.#sent;
    if (sent === undefined) return;
    const step = this.#context.currentStep ?? '';
    this.#changes.look(new Set(operations.map((operation) => parsePointer(operation)[0] ?? '')));
    const others = this.#changes
      .since(sent.version)
      .filter(({ version, mayDiffer, by }) => !sent.own.has(version) && !(mayDiffer === true && by === step));
    const conflict = findConflict(operations, others, (field) => this.#changes.peek(field));
    if (conflict === undefined) return;
    const { path, by } = conflict;
    const other = by === undefined || by === step ? 'somebody else' : `step '${by}'`;
    throw new PluginError({
      kind: 'context_conflict',
      plugin: this.#plugin,
      step,
      message: `Step '${step}' changed '${path}' of the context, which ${other} has changed since it began. Let steps that run side by side change different fields, or different places of one by context.patch().`,
      details: { path, ...(by !== undefined && { with: by }) },
    });
  }
}

/** What was sent; the process holds it once the call has ended well. */
interface Sent extends HeldBase {
  readonly held: HeldContext;
  readonly call: number;
  isDelta: boolean;
}
