import { expect, it } from 'vitest';
import { nodeVersionProblem } from './node-version.mjs';

it.each(['20.19.0', '20.20.2', '22.0.0', '26.1.0'])('accepts Node %s', (version) => {
  expect(nodeVersionProblem(version, '>=20.19')).toBeUndefined();
});

it.each(['16.20.2', '20.18.3', '20.9.0'])('tells the user of Node %s what is needed', (version) => {
  expect(nodeVersionProblem(version, '>=20.19')).toBe(
    `synapse-steps needs Node >=20.19, and this is Node ${version}. Install a newer Node, then run the command again.`,
  );
});
