import type { DescribeResult, StepDescription } from '../protocol/describe.js';
import type { ConnectionSettings } from './connection-settings.js';

/**
 * Takes a plugin by its word when it says of itself that it cannot do what it says its steps can: a capability that is
 * `false` holds for all of them. One that is left out says nothing, as the steps say it themselves.
 */
export function honourCapabilities(
  description: DescribeResult,
  said: unknown,
  { plugin, log }: Pick<ConnectionSettings, 'plugin' | 'log'>,
): DescribeResult {
  const denied = CAPABILITIES.filter((name) => isObject(said) && said[name] === false);
  const contradicted = denied.filter((name) => description.steps.some((step) => step[name]));
  if (contradicted.length === 0) return description;
  const names = contradicted.map((name) => `'${name}'`).join(' and ');
  log({
    plugin,
    level: 'warning',
    message: `Plugin '${plugin}' says that it knows no ${names}, and of some of its steps that they do. It is not asked.`,
  });
  return { ...description, steps: description.steps.map((step) => without(step, contradicted)) };
}

const CAPABILITIES = ['rollback', 'can_skip'] as const;

function without(step: StepDescription, denied: readonly (typeof CAPABILITIES)[number][]): StepDescription {
  return { ...step, ...Object.fromEntries(denied.map((name) => [name, false])) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
