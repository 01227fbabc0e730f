import type { JsonObject } from '@synapse-steps/core';

// What documents from outside hold, looked at field by field: one wrong annotation must not cost the others.

export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : undefined;
}

/** The numbers of a list, if all are finite numbers. */
export function asNumbers(value: unknown): readonly number[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.every((item) => typeof item === 'number' && Number.isFinite(item)) ? (value as number[]) : undefined;
}
