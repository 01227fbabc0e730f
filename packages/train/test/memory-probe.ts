// Registers one file as a model and prints what that cost at most, in a process of its own: `memory-probe.ts HOST FILE`.
import { BackendClient } from '@synapse-steps/backend';
import { RuntimeContext } from '@synapse-steps/core';
import { recordRun } from '@synapse-steps/core/testing';

import { ModelUploadStep } from '../src/steps/model-upload-step.js';
import { TrainContext } from '../src/train-context.js';

const [host = '', path = ''] = process.argv.slice(2);
const client = new BackendClient({ host, token: 'token' });
const context = new TrainContext(new RuntimeContext({ client, params: { dataset: 1 } }));
context.modelPath = path;
const { report, error } = await recordRun([new ModelUploadStep()], context);
if (!report.success) throw new Error('The model was not registered.', { cause: error });
console.log(JSON.stringify({ peakBytes: process.resourceUsage().maxRSS * 1024 }));
