import { errorMessage } from '@synapse-steps/core';

import { atOnce } from './at-once.js';
import type { Delivery, FailedDelivery, Parcel, Sending } from './delivery.js';
import { NoPresignedUploadsError, sendPresigned } from './send-presigned.js';
import { sendThroughBackend } from './send-through-backend.js';

/** Through the backend files go one by one until so many arrived: it is asked gently before it is asked by many at once. */
const ONE_BY_ONE = 4;

interface Fate {
  readonly parcel: Parcel;
  delivery: Delivery | undefined;
}

/**
 * Sends files by the best way that there is: straight to the object store; those that fail once more so, with new addresses;
 * and what fails again through the backend. Nothing that arrived is sent again.
 */
export class FileSender {
  readonly #sending: Sending;
  #usesPresigned: boolean;
  readonly #lostGroups = new Set<number>();
  #arrivedThroughBackend = 0;

  constructor(sending: Sending) {
    this.#sending = sending;
    this.#usesPresigned = sending.settings.usePresigned;
  }

  /** The group cannot become a data unit: no more of its files are sent. */
  loseGroup(group: number): void {
    this.#lostGroups.add(group);
  }

  /** @returns what became of each, in the order of the list */
  async send(parcels: readonly Parcel[]): Promise<Delivery[]> {
    const fates = parcels.map((parcel): Fate => ({ parcel, delivery: undefined }));
    await this.#tryPresigned(fates);
    await this.#tryPresigned(fates); // what failed, with new addresses
    for (const { parcel, delivery } of fates)
      if (delivery?.is === 'failed' && delivery.again === 'never') this.loseGroup(parcel.group);
    const rest = fates.filter((fate) => isWaiting(fate, 'presigned') || isWaiting(fate, 'backend'));
    if (rest.length > 0) this.#tellOfOtherWay(rest);
    await atOnce(
      rest,
      () => this.#width(),
      (fate) => this.#sendThroughBackend(fate),
    );
    return fates.map(({ delivery }) => delivery ?? notSent());
  }

  #isWanted({ parcel }: Fate): boolean {
    return !this.#lostGroups.has(parcel.group);
  }

  async #tryPresigned(fates: readonly Fate[]): Promise<void> {
    const turn = fates.filter((fate) => this.#isWanted(fate) && isWaiting(fate, 'presigned'));
    if (!this.#usesPresigned || turn.length === 0) return;
    try {
      const sent = await sendPresigned(
        turn.map(({ parcel }) => parcel),
        this.#sending,
      );
      for (const [index, fate] of turn.entries()) fate.delivery = sent[index];
    } catch (error) {
      if (!(error instanceof NoPresignedUploadsError)) throw error;
      this.#usesPresigned = false;
      this.#note(`The backend hands out no addresses, so files go through it: ${error.message}`);
    }
  }

  async #sendThroughBackend(fate: Fate): Promise<void> {
    if (!this.#isWanted(fate)) return;
    fate.delivery = await sendThroughBackend(fate.parcel, this.#sending);
    if (fate.delivery.is === 'stored') this.#arrivedThroughBackend += 1;
    else this.loseGroup(fate.parcel.group);
  }

  #width(): number {
    return this.#arrivedThroughBackend < ONE_BY_ONE ? 1 : this.#sending.settings.maxWorkers;
  }

  #tellOfOtherWay(fates: readonly Fate[]): void {
    const failures = fates.flatMap(({ delivery }) => (delivery?.is === 'failed' ? [delivery] : []));
    const failure = failures[0];
    if (!failure) return; // nothing was tried before
    const files = failures.length === 1 ? 'One file' : `${failures.length} files`;
    this.#note(`${files} did not get to the object store and go through the backend: ${errorMessage(failure.error)}`);
  }

  #note(text: string): void {
    this.#sending.onEvent({ type: 'note', level: 'warning', text });
  }
}

function isWaiting({ delivery }: Fate, again: FailedDelivery['again']): boolean {
  if (delivery === undefined) return again === 'presigned';
  return delivery.is === 'failed' && delivery.again === again;
}

function notSent(): Delivery {
  const error = new Error('It was not sent, because another file of its group is lost.');
  return { is: 'failed', error, again: 'never', isUnknown: false };
}
