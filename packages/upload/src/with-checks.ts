import type { BackendClient } from '@synapse-steps/backend';
import { errorMessage } from '@synapse-steps/core';
import type { z } from 'zod';

const ID_FIELDS = ['storage', 'data_collection', 'project'] as const;
type IdField = (typeof ID_FIELDS)[number];

const TITLES: Readonly<Record<IdField, string>> = {
  storage: 'Storage',
  data_collection: 'Data collection',
  project: 'Project',
};

type Fields = Readonly<Record<string, unknown>>;

/** What is wrong with one param, or with all of them (no path). */
interface Problem {
  readonly path: string[];
  readonly message: string;
  readonly code: string;
}

/**
 * The params' schema with what it takes a whole look, and the backend, to see: the rules between params, and whether what
 * they name is there. All problems are found at once, whatever else is wrong: such params usually come from a form.
 *
 * @param client none: then each reference is a problem of its own
 */
export function withChecks<TSchema extends z.ZodType>(schema: TSchema, client: BackendClient | undefined): TSchema {
  const looked = new Map<string, Promise<Problem[]>>();
  // Whoever checks by the standard interface of schemas tries without waiting first, so this is called twice.
  const lookOnce = (params: Fields): Promise<Problem[]> => {
    const key = JSON.stringify(ID_FIELDS.map((field) => params[field]));
    const known = looked.get(key) ?? referenceProblems(params, client);
    looked.set(key, known);
    return known;
  };
  const check = async (params: unknown, context: z.RefinementCtx): Promise<void> => {
    const given = isObject(params) ? params : {};
    for (const { path, message, code } of [...(await lookOnce(given)), ...placeProblems(given)]) {
      context.addIssue({ code: 'custom', input: params, path, message, params: { code } });
    }
  };
  return schema.superRefine(check, { when: ({ value }) => isObject(value) });
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function placeProblems({ use_single_path: isSingle, path, assets }: Fields): Problem[] {
  if (isSingle === false) {
    const hasAssets = isObject(assets) && Object.keys(assets).length > 0;
    return hasAssets ? [] : [{ path: [], code: 'missing_assets', message: MISSING_ASSETS }];
  }
  return path ? [] : [{ path: [], code: 'missing_path', message: MISSING_PATH }];
}

async function referenceProblems(params: Fields, client: BackendClient | undefined): Promise<Problem[]> {
  const problems: Problem[] = [];
  // One after the other: the first wrong token is then the backend's only trouble with us.
  for (const field of ID_FIELDS) {
    const id = params[field];
    if (typeof id !== 'number' && (typeof id !== 'string' || id === '')) continue; // the field's own check says so
    const problem = await problemOf(field, id, client);
    if (problem) problems.push(problem);
  }
  return problems;
}

async function problemOf(
  field: IdField,
  id: number | string,
  client: BackendClient | undefined,
): Promise<Problem | undefined> {
  if (client === undefined) return { path: [field], code: 'missing_context', message: NO_CLIENT };
  try {
    await fetchReference(field, id, client);
    return undefined;
  } catch (error) {
    const message = `${TITLES[field]} with id=${id} not found: ${errorMessage(error)}`;
    return { path: [field], code: `${field}_not_found`, message };
  }
}

function fetchReference(field: IdField, id: number | string, client: BackendClient): Promise<unknown> {
  switch (field) {
    case 'storage':
      return client.storages.get(id);
    case 'data_collection':
      return client.dataCollections.get(id);
    case 'project':
      return client.projects.get(id);
  }
}

const NO_CLIENT =
  'There is no backend to look it up. Set SYNAPSE_HOST and SYNAPSE_ACCESS_TOKEN, or run with --backend local; in a program, give the runtime context a client, such as BackendClient.fromEnvironment()';

const MISSING_PATH =
  "With use_single_path (the default) a 'path' is required: the folder, below the storage's, that has a folder for each file specification";
const MISSING_ASSETS =
  "With use_single_path: false, 'assets' must have a path for each file specification, such as { images: { path: 'cam' } }";
