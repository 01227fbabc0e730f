import { defineStep, StepResult } from '@synapse-steps/core';
import { servePlugin } from '@synapse-steps/bridge/serve';

await servePlugin([
  defineStep({
    name: 'greet',
    progressWeight: 1,
    execute: () => StepResult.ok({ data: { greeting: 'hello from Node' } }),
  }),
]);
