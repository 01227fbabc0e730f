import { createHash } from 'node:crypto';
import type { Installer } from './installer.js';
import type { PythonFacts } from './probe-python.js';

export interface EnvironmentKeyInputs {
  /** Of the requirements and all that they lead to. */
  readonly requirementsDigest: string;
  readonly requiresPython: string | undefined;
  readonly python: PythonFacts;
  readonly installer: Installer;
}

/** The name of an environment by all that it is made of: `py3.11-` and a digest. */
export function environmentKey({
  requirementsDigest,
  requiresPython,
  python,
  installer,
}: EnvironmentKeyInputs): string {
  const { base, version, implementation, abi, platform } = python;
  const inputs = {
    layout: 1,
    requirementsDigest,
    requiresPython: requiresPython ?? null,
    python: { base, version, implementation, abi, platform },
    installer: installer.label,
  };
  const digest = createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
  return `py${version[0]}.${version[1]}-${digest.slice(0, DIGITS)}`;
}

/** Whether a name is such a one; whatever else lies among them is not ours. */
export function isEnvironmentKey(name: string): boolean {
  return KEY.test(name);
}

/** 80 bits; short, because the kernel bounds the length of a path in a script's first line. */
const DIGITS = 20;

const KEY = new RegExp(String.raw`^py3\.\d+-[0-9a-f]{${DIGITS}}$`);
