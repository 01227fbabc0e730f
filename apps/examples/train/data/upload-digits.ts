import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { DataUnit } from '@synapse-steps/backend/api';
import { RuntimeContext } from '@synapse-steps/core';
import { DefaultUploadAction } from '@synapse-steps/upload';
import { readDigits } from '../../upload/pictures/read-digits.js';
import { writePictures } from '../../upload/pictures/write-pictures.js';
import type { Stage } from '../demo/stage.js';

/** Writes all digits as PNG pictures and uploads them. Gives the data units, in the order of the digits. */
export async function uploadDigits({ client, pictures, storage, dataCollection }: Stage): Promise<readonly DataUnit[]> {
  const digits = await readDigits();
  await writePictures(join(pictures, 'digits'), digits);
  const params = { name: 'Digits', path: 'digits', storage, data_collection: dataCollection };
  const { dataUnits, partialFailure } = await new DefaultUploadAction(params, new RuntimeContext({ client })).run();
  assert(!partialFailure && dataUnits === digits.length, `Only ${dataUnits} of ${digits.length} pictures arrived.`);

  const units: DataUnit[] = [];
  for await (const unit of client.dataUnits.list({ dataCollection })) units.push(unit);
  return units.toSorted((one, other) => stemOf(one).localeCompare(stemOf(other)));
}

function stemOf({ meta }: DataUnit): string {
  return String(meta?.['origin_file_stem']);
}
