import { BackendError, pause, type BackendClient } from '@synapse-steps/backend';
import type { Id } from '@synapse-steps/backend/api';
import { errorMessage } from '@synapse-steps/core';

import { findUnits } from '../data-units/find-units.js';
import type { UploadedGroup } from '../file-group.js';
import { describeIds } from './id-ranges.js';
import { undoEach, type UndoFailure } from './undo-each.js';
import type { UnitsToUndo } from './unit-ledger.js';

export interface UndoUnitsOptions {
  readonly client: BackendClient;
  readonly dataCollection: Id;
  readonly groups: readonly UploadedGroup[];
  readonly signal: AbortSignal;
}

export interface Undone {
  readonly leftBehind: string[];
  readonly failures: UndoFailure[];
}

/** Deletes the data units, newest first, and those that may have been made although nobody was told. */
export async function undoUnits(units: UnitsToUndo, options: UndoUnitsOptions): Promise<Undone> {
  const deleted = await deleteUnits(units.ids, options);
  const maybe = units.maybe.flatMap((place) => options.groups[place] ?? []);
  if (maybe.length === 0) return deleted;
  const rest = await undoUncertain(maybe, units.newerThan, options);
  return {
    leftBehind: [...deleted.leftBehind, ...rest.leftBehind],
    failures: [...deleted.failures, ...rest.failures],
  };
}

const NO_SUCH_METHOD = new Set([405, 501]);

async function deleteUnits(ids: readonly Id[], { client, signal }: UndoUnitsOptions): Promise<Undone> {
  const kept: Id[] = [];
  const failures = await undoEach(ids, {
    signal,
    nameOf: (id) => `Data unit ${id}`,
    undo: async (id) => {
      try {
        await client.dataUnits.delete(id, { signal });
      } catch (error) {
        if (!BackendError.is(error) || !NO_SUCH_METHOD.has(error.status ?? 0)) throw error;
        kept.push(id);
      }
    },
  });
  return { leftBehind: leftUnits(kept), failures };
}

/** How long a request that was cut off may still be worked on before it is looked for the last time. */
const LAST_LOOK_AFTER_MS = 500;

async function undoUncertain(
  groups: readonly UploadedGroup[],
  newerThan: number | null | undefined,
  options: UndoUnitsOptions,
): Promise<Undone> {
  const { client, dataCollection, signal } = options;
  if (newerThan === null)
    return { leftBehind: [maybeThere(groups, 'they look like those of another run')], failures: [] };
  const undone: Undone = { leftBehind: [], failures: [] };
  for (const waits of [0, LAST_LOOK_AFTER_MS]) {
    await pause(waits, signal);
    try {
      const { found, isComplete } = await findUnits(groups, { client, dataCollection, signal, newerThan });
      const { leftBehind, failures } = await deleteUnits(
        found.map(({ unit }) => unit.id),
        options,
      );
      undone.leftBehind.push(...leftBehind);
      undone.failures.push(...failures);
      if (new Set(found.map(({ group }) => group)).size === groups.length || undone.failures.length > 0) return undone;
      if (!isComplete && waits > 0)
        undone.leftBehind.push(maybeThere(groups, 'the collection is too large to look through'));
    } catch (error) {
      if (signal.aborted || !BackendError.is(error)) throw error;
      if (error.code === 'backend_refused') {
        undone.leftBehind.push(maybeThere(groups, errorMessage(error)));
        return undone;
      }
      undone.failures.push({ what: `The data units of ${namesOf(groups)}, which may be there,`, error });
      return undone;
    }
  }
  return undone;
}

function maybeThere(groups: readonly UploadedGroup[], why: string): string {
  return `data units of ${namesOf(groups)} that may be there, as nobody can tell (${why})`;
}

const MOST_NAMES = 20;

function namesOf(groups: readonly UploadedGroup[]): string {
  const names = groups.slice(0, MOST_NAMES).map(({ key }) => `'${key}'`);
  return `${names.join(', ')}${groups.length > MOST_NAMES ? ` and ${groups.length - MOST_NAMES} more groups` : ''}`;
}

function leftUnits(ids: readonly Id[]): string[] {
  return ids.length === 0
    ? []
    : [`${ids.length} data units, which this backend does not delete: ${describeIds(ids.toReversed())}`];
}
