import { z } from 'zod';

// The shape of a workflow file. The published JSON schema is made of this, so the descriptions are what an editor shows.

const text = z.string().min(1);
const names = z.array(text);

const duration = z.string().regex(/^\d+(?:\.\d+)?(?:ms|s|m|h)$/);

/** The message of the one rule that is told by what a plugin must be. */
export const ONE_SOURCE = 'one source';

const FOR_PYTHON = ['requirements', 'requiresPython', 'environment'] as const;
const ENVIRONMENT_ALONE = ['requirements', 'interpreter'] as const;

/** What the keys of an environment go with. */
function checkEnvironment(plugin: Readonly<Record<string, unknown>>, context: z.core.$RefinementCtx): void {
  const report = (key: string, message: string): void =>
    void context.issues.push({ code: 'custom', input: plugin, path: [key], message });
  for (const key of FOR_PYTHON) {
    if (plugin[key] === undefined || plugin['python'] !== undefined) continue;
    report(key, `'${key}' is for a plugin in Python. Remove it, or name the plugin's file with 'python'`);
  }
  for (const key of ENVIRONMENT_ALONE) {
    if (plugin[key] === undefined || plugin['environment'] === undefined) continue;
    report(key, `an 'environment' is used as it is, so there can be no '${key}' beside it. Remove one of them`);
  }
}

export const pluginSchema = z
  .strictObject({
    python: text.optional().meta({ description: 'A plugin in Python: the path of its file, relative to this one.' }),
    interpreter: text
      .optional()
      .meta({ description: 'The Python to run it with: a path, or a command in PATH. Default: python3.' }),
    requirements: text.optional().meta({
      description:
        'A requirements file, relative to this one: the plugin runs in an environment that has what it names, and that is made once.',
      examples: ['requirements.txt'],
    }),
    requiresPython: text.optional().meta({
      description: 'Which versions of Python will do, as packages write it (PEP 440).',
      examples: ['>=3.10', '>=3.9,<3.13'],
    }),
    environment: text.optional().meta({
      description: 'A Python environment that exists, relative to this file, which is used as it is.',
      examples: ['./.venv'],
    }),
    command: z.array(z.string()).min(1).optional().meta({
      description:
        'A plugin in any language: its program and arguments. No shell reads them. What begins with ./ or ../ is a path relative to this file.',
    }),
    env: names.optional().meta({ description: 'Names of environment variables that the plugin may see.' }),
    secrets: names.optional().meta({
      description: 'Names of environment variables that the plugin is given as secrets: they are redacted everywhere.',
    }),
    workers: z.int().min(1).optional().meta({
      description:
        'How many processes of it may run at a time, for steps in parallel; never more than there are processors. Default: 1.',
    }),
    isolation: z.enum(['shared', 'process']).optional().meta({
      description: 'process: each call gets a process of its own. Default: shared, a process serves many calls.',
    }),
    idle: duration.optional().meta({
      description:
        'How long a process may have nothing to do before it is ended; the next step starts it again. Default: 5m.',
    }),
  })
  .refine(({ python, command }) => (python === undefined) !== (command === undefined), { error: ONE_SOURCE })
  .superRefine(checkEnvironment)
  .meta({
    oneOf: [{ required: ['python'] }, { required: ['command'] }],
    dependentRequired: Object.fromEntries(FOR_PYTHON.map((key) => [key, ['python']])),
    dependentSchemas: { environment: { not: { anyOf: ENVIRONMENT_ALONE.map((key) => ({ required: [key] })) } } },
  });

const stepName = z
  .string()
  .regex(/^[^/]+$/)
  .optional()
  .meta({ description: 'Another name for the step; unique in the workflow, without a /.' });
const weight = z.number().min(0).optional().meta({ description: "The step's share of the run's progress: 0 or more." });

export const retrySchema = z.strictObject({
  attempts: z.int().min(1).optional().meta({ description: 'How often the step is tried at most. Default: 3.' }),
  delay: duration
    .optional()
    .meta({ description: 'The pause before the second attempt; it doubles with each further one. Default: 200ms.' }),
});

export const stepSchema = z.strictObject({
  uses: text.meta({
    description: 'The step or action: ./file.ts#Export (./file.ts alone: its default export), or plugin/step.',
    examples: ['./steps/load.ts#LoadStep', 'trainer/train'],
  }),
  with: z.record(z.string(), z.json()).optional().meta({ description: "The step's own params." }),
  name: stepName,
  weight,
  retry: retrySchema.optional().meta({
    description: 'Tries the step again when it fails; what a failed attempt did is undone before the next.',
  }),
  timeout: duration.optional().meta({ description: 'The time limit of each attempt, such as 500ms, 30s, 2m or 1h.' }),
  optional: z.boolean().optional().meta({ description: 'True: when the step fails it is undone and the run goes on.' }),
});

export const parallelSchema = z.strictObject({
  parallel: z.array(stepSchema).min(1).meta({ description: 'Steps that run side by side.' }),
  name: stepName,
  weight,
  concurrency: z.int().min(1).optional().meta({ description: 'How many of them run at a time. Default: all.' }),
});

export const workflowFileSchema = z
  .strictObject({
    name: text.optional().meta({ description: "The workflow's name. Default: the name of the file." }),
    params: z.record(z.string(), z.json()).optional().meta({ description: 'Params and their default values.' }),
    context: text.optional().meta({
      description: 'The class of the state that the steps share: ./file.ts#Export.',
      examples: ['./context.ts#PenguinContext'],
    }),
    plugins: z
      .record(z.string().regex(/^[A-Za-z][\w-]*$/), pluginSchema)
      .optional()
      .meta({ description: 'The programs that offer steps, by the name that `uses` knows them by.' }),
    steps: z
      .array(z.union([stepSchema, parallelSchema]))
      .min(1)
      .meta({ description: 'The steps, in the order in which they run.' }),
  })
  .meta({ title: 'synapse-steps workflow', description: 'A workflow of synapse-steps.' });

export type WorkflowDefinition = z.infer<typeof workflowFileSchema>;
export type PluginDefinition = z.infer<typeof pluginSchema>;
export type StepDefinition = z.infer<typeof stepSchema>;
export type ParallelDefinition = z.infer<typeof parallelSchema>;
