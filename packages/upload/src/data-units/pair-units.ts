import type { DataUnit } from '@synapse-steps/backend/api';

import type { CreatedDataUnit, UploadedGroup } from '../file-group.js';
import { isUnitOf, metaKeyOf } from './same-unit.js';

/**
 * Which unit was made of which group. Those that tell their meta are known by it; what is left is taken in the order of the
 * request, which is the order of the answer. There may be fewer units than groups.
 */
export function pairUnits(groups: readonly UploadedGroup[], units: readonly DataUnit[]): CreatedDataUnit[] {
  const byMeta = groupedByMeta(groups);
  const paired = new Map<UploadedGroup, DataUnit>();
  const unknown: DataUnit[] = [];
  for (const unit of units) {
    const alike = byMeta.get(metaKeyOf(unit.meta)) ?? [];
    const group = alike.find((one) => !paired.has(one) && isUnitOf(one, unit));
    if (group) paired.set(group, unit);
    else unknown.push(unit);
  }
  const left = groups.filter((group) => !paired.has(group));
  for (const [index, unit] of unknown.entries()) {
    const group = left[index];
    if (group) paired.set(group, unit);
  }
  return groups.flatMap((group) => {
    const unit = paired.get(group);
    return unit ? [{ id: unit.id, key: group.key }] : [];
  });
}

function groupedByMeta(groups: readonly UploadedGroup[]): Map<string, UploadedGroup[]> {
  const grouped = new Map<string, UploadedGroup[]>();
  for (const group of groups) {
    const key = metaKeyOf(group.meta);
    const alike = grouped.get(key);
    if (alike) alike.push(group);
    else grouped.set(key, [group]);
  }
  return grouped;
}
