// Loads a workflow file with a step in TypeScript and runs it; a file that does not exist is a typed error.
import assert from 'node:assert/strict';
import { Orchestrator } from '@synapse-steps/core';
import { loadWorkflow, WorkflowError } from '@synapse-steps/workflow';

const workflow = await loadWorkflow('workflow.yaml', { params: { words: ['four', 'five'] } });
try {
  const report = await new Orchestrator(workflow.registry, workflow.context, { workflow: workflow.name }).execute();
  assert.equal(report.success, true);
  assert.equal(Reflect.get(workflow.context, 'counted'), '2 words');
} finally {
  await workflow.close();
}

await assert.rejects(loadWorkflow('missing.yaml'), (error) => error instanceof WorkflowError);
console.log('loaded a workflow with a step in TypeScript and ran it');
