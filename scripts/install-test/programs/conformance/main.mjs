// Checks two plugins: one that keeps the protocol, and one that claims more than it can.
import assert from 'node:assert/strict';
import { checkPlugin, formatReport } from '@synapse-steps/conformance';

const good = await checkPlugin([process.execPath, 'plugin.mjs']);
assert.equal(good.passed, true, formatReport(good).join('\n'));

const boastful = await checkPlugin([process.execPath, 'plugin.mjs', '--boast']);
assert.equal(boastful.passed, false);
assert(boastful.scenarios.some(({ name, status }) => name === 'ping' && status === 'failed'));
console.log(formatReport(good).at(-1));
