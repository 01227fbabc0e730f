import { z } from 'zod';
import { workflowFileSchema } from './workflow-file-schema.js';

/**
 * The JSON schema of a workflow file (draft 2020-12), for editors. It is also in this package as
 * `schema/workflow.schema.json`.
 */
export function workflowJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(workflowFileSchema, { io: 'input' }) };
}
