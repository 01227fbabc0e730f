import type { JsonObject } from '@synapse-steps/core';
import { counted } from '../output/counted.js';
import { printable } from '../output/printable-text.js';
import type { Described, StepDescription } from './workflow-description.js';

/** A description for people. */
export function descriptionLines({ description, table: stepTable }: Described): string[] {
  const { kind, name, steps } = description;
  return [
    `${kind} ${name}: ${counted(steps.length, 'step')}`,
    '',
    ...stepTable.split('\n').map((line) => `  ${line}`),
    ...paramLines('params', description.params ?? {}, description.paramsSchema),
    ...steps.flatMap((step) => stepParamLines(step, '')),
  ].map((line) => printable(line).trimEnd());
}

function stepParamLines(step: StepDescription, parent: string): string[] {
  const name = `${parent}${step.name}`;
  return [
    ...paramLines(`params of ${name}`, step.params ?? {}, step.paramsSchema),
    ...(step.children ?? []).flatMap((child) => stepParamLines(child, `${name}/`)),
  ];
}

function paramLines(title: string, values: JsonObject, schema: JsonObject | undefined): string[] {
  const properties = (schema?.['properties'] ?? {}) as JsonObject;
  const names = [...new Set([...Object.keys(properties), ...Object.keys(values)])];
  if (names.length === 0) return [];
  const required = (schema?.['required'] ?? []) as unknown[];
  const rows = names.map((name) => {
    const value = Object.hasOwn(values, name)
      ? JSON.stringify(values[name])
      : required.includes(name)
        ? '(must be given)'
        : '';
    return [name, value, propertyText(properties[name])];
  });
  return ['', `${title}:`, ...table(rows)];
}

/** The part of a JSON schema that fits into a line. */
function propertyText(property: unknown): string {
  if (typeof property !== 'object' || property === null) return '';
  const { default: byDefault, description } = property as JsonObject;
  const parts = [
    kindOf(property as JsonObject),
    byDefault === undefined ? '' : `default ${JSON.stringify(byDefault)}`,
    typeof description === 'string' ? description : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** `integer`, `"a" | "b"`; of one that may be several things, each of them once. */
function kindOf({ type, enum: allowed, anyOf }: JsonObject): string {
  if (Array.isArray(allowed)) return allowed.map((value) => JSON.stringify(value)).join(' | ');
  if (typeof type === 'string') return type;
  const kinds = (Array.isArray(anyOf) ? anyOf : []).map((one) => kindOf(one as JsonObject));
  return [...new Set(kinds)].filter((kind) => kind !== '').join(' | ');
}

function table(rows: readonly (readonly string[])[]): string[] {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`);
}
