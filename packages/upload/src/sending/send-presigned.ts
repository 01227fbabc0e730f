import { BackendError } from '@synapse-steps/backend';
import type { ConfirmedFile, PresignedFile, StoredObject } from '@synapse-steps/backend/api';
import { errorMessage } from '@synapse-steps/core';
import { z } from 'zod';

import { atOnce } from './at-once.js';
import { contentTypeOf } from './content-type.js';
import { failed, type Delivery, type Parcel, type Sending } from './delivery.js';

/** Thrown where the backend hands out no addresses at all, so that nobody asks again. */
export class NoPresignedUploadsError extends Error {
  override readonly name = 'NoPresignedUploadsError';
}

/**
 * One batch straight to the object store: ask for addresses, put each file, confirm those that arrived. The result has the
 * order of the question; each file has its own fate.
 *
 * @throws NoPresignedUploadsError when the backend refuses to hand out addresses.
 */
export async function sendPresigned(parcels: readonly Parcel[], sending: Sending): Promise<Delivery[]> {
  const { client, settings, signal } = sending;
  let targets: readonly PresignedFile[];
  try {
    targets = await askForAddresses(parcels, sending);
  } catch (error) {
    const failure = failed(error, 'backend', sending);
    if (hasNone(error)) throw new NoPresignedUploadsError(errorMessage(error), { cause: error });
    if (isTooLarge(error) && parcels.length > 1) return await inHalves(parcels, sending);
    return parcels.map(() => failure);
  }
  await sending.objects.reserved(parcels.map(({ path }, index) => ({ path, key: targets[index]?.file_key ?? '' })));
  const deliveries: Delivery[] = [];
  const arrived: Arrived[] = [];
  await atOnce(parcels, settings.maxWorkers, async (parcel, index) => {
    const target = targets[index] as PresignedFile; // the client has checked that there are as many
    try {
      const object = await client.presignedUploads.put(target, parcel.source, {
        contentType: contentTypeOf(parcel.source.name),
        readTimeoutMs: settings.readTimeoutMs,
        retries: settings.maxRetries,
        signal,
        onBytes: (bytes) => sending.onBytes(parcel, bytes),
      });
      arrived.push({ index, parcel, object });
    } catch (error) {
      deliveries[index] = failed(error, 'presigned', sending);
    }
  });
  for (const { index, delivery } of await confirm(arrived, sending)) deliveries[index] = delivery;
  return deliveries;
}

/** The backend has no object store: it knows no such address, or says so. */
function hasNone(error: unknown): boolean {
  if (!BackendError.is(error) || error.code !== 'backend_refused') return false;
  if (error.status === 404 || error.status === 405) return true;
  return error.status === 400 && noneSchema.safeParse(error.detail).success;
}

const noneSchema = z.looseObject({ code: z.literal('presigned_not_supported') });

function isTooLarge(error: unknown): boolean {
  return BackendError.is(error) && error.status === 413;
}

/** The request, or one of its files, is too large: whatever is not that one gets its address. */
async function inHalves(parcels: readonly Parcel[], sending: Sending): Promise<Delivery[]> {
  const middle = Math.ceil(parcels.length / 2);
  const first = await sendPresigned(parcels.slice(0, middle), sending);
  return [...first, ...(await sendPresigned(parcels.slice(middle), sending))];
}

interface Arrived {
  readonly index: number;
  readonly parcel: Parcel;
  readonly object: StoredObject;
}

interface Confirmed {
  readonly index: number;
  readonly delivery: Delivery;
}

async function askForAddresses(
  parcels: readonly Parcel[],
  { client, signal }: Sending,
): Promise<readonly PresignedFile[]> {
  const wanted = parcels.map(({ source: { name, size } }) => ({
    filename: name,
    size,
    content_type: contentTypeOf(name),
  }));
  return (await client.presignedUploads.presign(wanted, { signal })).files;
}

/** Makes data files of what arrived. */
async function confirm(arrived: readonly Arrived[], sending: Sending): Promise<Confirmed[]> {
  if (arrived.length === 0) return [];
  const inOrder = arrived.toSorted((a, b) => a.index - b.index);
  let results: ConfirmedFile[];
  try {
    const objects = inOrder.map(({ object }) => object);
    results = await sending.client.presignedUploads.confirm(objects, { signal: sending.signal });
  } catch (error) {
    return await afterFailure(inOrder, error, sending);
  }
  const byKey = new Map(results.map((result) => [result.file_key, result]));
  const confirmed = inOrder.map(({ index, object }) => ({
    index,
    delivery: deliveryOf(object, byKey.get(object.file_key)),
  }));
  await keep(inOrder, confirmed, sending);
  return confirmed;
}

function deliveryOf({ checksum }: StoredObject, result: ConfirmedFile | undefined): Delivery {
  if (result?.success === true) {
    const id = result.data_file_id ?? undefined;
    return { is: 'stored', checksum, ...(id !== undefined && { id }) };
  }
  const error = new BackendError({
    code: 'backend_refused',
    method: 'POST',
    path: 'data_files/presigned_upload/confirm_upload/',
    message: `The backend did not confirm the file${result?.error ? `: ${result.error}` : ' and did not say why'}.`,
  });
  // One that is not mentioned at all may be there. The object store has both, so the same way would end the same.
  return { is: 'failed', error, again: result ? 'backend' : 'never', isUnknown: result === undefined };
}

/** The client has looked which of them are there; where that could not tell, the backend may be able to by now. */
async function afterFailure(arrived: readonly Arrived[], error: unknown, sending: Sending): Promise<Confirmed[]> {
  const failure = failed(error, 'backend', sending);
  const known = failure.isUnknown ? await lookFor(arrived, sending) : new Set<string>();
  const confirmed = arrived.map(({ index, object: { checksum } }): Confirmed => {
    if (known?.has(checksum)) return { index, delivery: { is: 'stored', checksum } };
    const isUnknown = known === undefined;
    return { index, delivery: { ...failure, again: isUnknown ? 'never' : 'backend', isUnknown } };
  });
  await keep(arrived, confirmed, sending);
  return confirmed;
}

/** Which of them the backend has; undefined when it does not say. */
async function lookFor(arrived: readonly Arrived[], sending: Sending): Promise<Set<string> | undefined> {
  const checksums = [...new Set(arrived.map(({ object }) => object.checksum))];
  try {
    return await sending.client.dataFiles.knownChecksums(checksums, { signal: sending.signal });
  } catch (error) {
    failed(error, 'backend', sending); // throws what is no failure of the backend
    return undefined;
  }
}

async function keep(arrived: readonly Arrived[], confirmed: readonly Confirmed[], sending: Sending): Promise<void> {
  const byIndex = new Map(arrived.map((one) => [one.index, one]));
  const stored = confirmed.flatMap(({ index, delivery }) => {
    const { parcel, object } = byIndex.get(index) ?? {};
    if (delivery.is !== 'stored' || parcel === undefined || object === undefined) return [];
    const { checksum, id } = delivery;
    return [{ path: parcel.path, checksum, objectKey: object.file_key, ...(id !== undefined && { id }) }];
  });
  if (stored.length > 0) await sending.stored(stored);
}
