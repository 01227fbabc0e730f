import { BackendError } from '@synapse-steps/backend';

import type { TransferEvent, UploadOutcome, UploadRequest } from '../strategies.js';
import { atOnce } from './at-once.js';
import { cargoOf, isOpen, type Cargo, type CargoEnd, type OpenCargo } from './cargo.js';
import { ContentIndex } from './content-index.js';
import type { Delivery, Parcel } from './delivery.js';
import type { FileGroup } from '../file-group.js';
import { groupsWithUnits } from './groups-with-units.js';
import { isFileError } from './file-error.js';
import { FileSender } from './file-sender.js';
import { knownContent } from './known-content.js';
import { openSource, SMALL_BYTES } from './open-source.js';
import { knownGroups, outcomeOf } from './outcome-of.js';

/** The disk answers many questions sooner together than one after the other; each is on its own for a moment only. */
const OPENED_AT_ONCE = 32;

/**
 * One upload: batch after batch, each file is looked at, compared with those before it and with what the backend has, and
 * sent if it has to be.
 */
export class Transfer {
  readonly #request: UploadRequest;
  readonly #sender: FileSender;
  readonly #contents = new ContentIndex<OpenCargo>();
  readonly #counted = new Map<string, number>();
  #asksForKnown: boolean;

  constructor(request: UploadRequest) {
    this.#request = request;
    this.#asksForKnown = request.settings.skipExistingChecksums;
    const { client, settings, signal, willStore, stored, chunks, objects, onEvent } = request;
    const onBytes = (parcel: Parcel, bytes: number): void => this.#count(parcel.path, bytes);
    this.#sender = new FileSender({ client, settings, signal, willStore, stored, chunks, objects, onEvent, onBytes });
  }

  async run(): Promise<UploadOutcome> {
    const { groups, specifications, settings, signal } = this.#request;
    const optional = new Set(specifications.filter(({ is_required }) => is_required !== true).map(({ name }) => name));
    const cargo = cargoOf(groups, optional);
    for (let from = 0; from < cargo.length; from += settings.batchSize) {
      signal.throwIfAborted();
      const batch = cargo.slice(from, from + settings.batchSize);
      await this.#sendBatch(batch);
      for (const one of batch) if (one.size <= SMALL_BYTES) one.source = undefined; // it is in memory
      this.#counted.clear();
    }
    return outcomeOf(groups, cargo, await this.#groupsWithUnits(cargo));
  }

  async #sendBatch(batch: readonly Cargo[]): Promise<void> {
    await atOnce(batch, OPENED_AT_ONCE, (cargo) => this.#open(cargo));
    await this.#findKnown(batch.filter(isOpen));
    // A file may wait for an equal one, and take its place when that is lost; each round settles at least one of them.
    for (let open = batch.filter(isOpen); open.length > 0; open = batch.filter(isOpen)) {
      await this.#sendUnequal(open);
    }
  }

  async #open(cargo: Cargo): Promise<void> {
    const { settings, signal } = this.#request;
    signal.throwIfAborted();
    try {
      const source = await openSource(cargo.path, {
        looksFirst: settings.skipLocalDuplicates || settings.skipExistingChecksums,
        folder: this.#request.storageFolder,
      });
      cargo.size = source.size;
      if (source.size === 0 && cargo.isOptional) return this.#end(cargo, { is: 'left-out' });
      cargo.source = source;
    } catch (error) {
      if (!isFileError(error)) throw error;
      this.#lose(cargo, error);
    }
  }

  /** Of groups that the backend had whole: those that are data units already. The others become some now. */
  async #groupsWithUnits(cargo: readonly Cargo[]): Promise<ReadonlySet<FileGroup>> {
    const { groups, client, signal, dataCollection } = this.#request;
    const known = knownGroups(groups, cargo);
    if (dataCollection === undefined) return new Set(known.map(({ group }) => group));
    try {
      return await groupsWithUnits(known, { client, dataCollection, signal });
    } catch (error) {
      if (signal.aborted || !BackendError.is(error)) throw error;
      const text = `Whether there are data units of ${known.length} groups that are on the backend cannot be told: ${error.message}`;
      for (const one of known.flatMap(({ files }) => files)) this.#lose(one, new Error(text));
      return new Set();
    }
  }

  /** What the backend has is not sent; where it does not say, everything is. */
  async #findKnown(open: readonly OpenCargo[]): Promise<void> {
    if (!this.#asksForKnown || open.length === 0) return;
    const { client, settings, signal } = this.#request;
    try {
      const { checksumBatchSize: batchSize, maxWorkers } = settings;
      const known = await knownContent(open, { client, batchSize, maxWorkers, signal });
      for (const [cargo, content] of known) this.#end(cargo, { is: 'there', ...content, how: 'known' });
    } catch (error) {
      if (signal.aborted || !BackendError.is(error)) throw error;
      this.#asksForKnown = !(error.code === 'backend_refused');
      this.#tell({ type: 'note', level: 'warning', text: `What the backend has is sent again: ${error.message}` });
    }
  }

  /** Sends one file of each content; the others share what it came to, or stay open when it did not arrive. */
  async #sendUnequal(open: readonly OpenCargo[]): Promise<void> {
    const first: OpenCargo[] = [];
    const equals: { readonly cargo: OpenCargo; readonly content: { item: OpenCargo } }[] = [];
    for (const cargo of open) {
      const content = await this.#contentOf(cargo);
      if (!content) continue;
      // One that is not in this batch any more and did not arrive cannot be waited for.
      if (content.item !== cargo && content.item.end?.is !== 'there' && content.item.end !== undefined)
        content.item = cargo;
      if (content.item === cargo) first.push(cargo);
      else equals.push({ cargo, content });
    }
    const deliveries = await this.#sender.send(first);
    for (const [index, cargo] of first.entries()) this.#deliver(cargo, deliveries[index]);
    for (const { cargo, content } of equals) {
      const { end } = content.item;
      if (end?.is === 'there') this.#end(cargo, { is: 'there', checksum: end.checksum, how: 'shared' });
    }
  }

  /** Undefined when it cannot be read any more; then it is lost. */
  async #contentOf(cargo: OpenCargo): Promise<{ item: OpenCargo } | undefined> {
    if (!this.#request.settings.skipLocalDuplicates) return { item: cargo };
    try {
      return await this.#contents.contentOf(cargo);
    } catch (error) {
      if (!isFileError(error)) throw error;
      this.#lose(cargo, error);
      return undefined;
    }
  }

  #deliver(cargo: Cargo, delivery: Delivery | undefined): void {
    if (delivery?.is === 'stored') {
      const { checksum, id } = delivery;
      this.#end(cargo, { is: 'there', checksum, how: 'sent', ...(id !== undefined && { id }) });
    } else if (delivery) {
      this.#lose(cargo, delivery.error, delivery.isUnknown);
    }
  }

  #lose(cargo: Cargo, error: unknown, isUnknown = false): void {
    this.#sender.loseGroup(cargo.group);
    this.#end(cargo, { is: 'lost', error, isUnknown });
  }

  #end(cargo: Cargo, end: CargoEnd): void {
    cargo.end = end;
    if (end.is === 'left-out') return;
    const { key, spec, path } = cargo;
    if (end.is === 'lost') this.#tell({ type: 'file', key, spec, path, outcome: 'failed', error: end.error });
    else this.#tell({ type: 'file', key, spec, path, outcome: end.how === 'sent' ? 'sent' : 'there' });
  }

  #count(path: string, bytes: number): void {
    const before = this.#counted.get(path) ?? 0;
    if (bytes <= before) return; // sent again from the beginning
    this.#counted.set(path, bytes);
    this.#tell({ type: 'bytes', bytes: bytes - before });
  }

  #tell(event: TransferEvent): void {
    this.#request.onEvent(event);
  }
}
