import type { Id, NewDataUnit } from '@synapse-steps/backend/api';

import type { UploadedGroup } from '../file-group.js';

/** A group as the backend is told of it. */
export function unitOf({ files, meta, groups }: UploadedGroup, dataCollection: Id): NewDataUnit {
  return {
    data_collection: dataCollection,
    files: Object.fromEntries(Object.entries(files).map(([spec, { checksum, path }]) => [spec, { checksum, path }])),
    meta,
    ...(groups && groups.length > 0 && { groups: [...groups] }),
  };
}
