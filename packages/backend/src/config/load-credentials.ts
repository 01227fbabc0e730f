import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

import { BackendError } from '../errors/backend-error.js';

/** Where the backend is, and who asks. */
export interface Credentials {
  readonly host?: string;
  readonly token?: string;
  readonly userToken?: string;
  readonly tenant?: string;
}

export interface LoadCredentialsOptions {
  /** Default: the process's own. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default: `~/.synapse/config.json`. */
  readonly configFile?: string;
}

const configSchema = z.looseObject({
  host: z.string().nullish(),
  access_token: z.string().nullish(),
  user_token: z.string().nullish(),
  tenant: z.string().nullish(),
});

/**
 * What the Python SDK would find: `SYNAPSE_HOST`, `SYNAPSE_ACCESS_TOKEN`, `SYNAPSE_PLUGIN_RUN_USER_TOKEN` and
 * `SYNAPSE_PLUGIN_RUN_TENANT`, and for what is not set there the fields `host`, `access_token`, `user_token` and `tenant`
 * of `~/.synapse/config.json`. The file need not exist.
 *
 * @throws BackendError `backend_not_configured` when the file is needed and cannot be read.
 */
export function loadCredentials(options: LoadCredentialsOptions = {}): Credentials {
  const { env = process.env, configFile = join(homedir(), '.synapse', 'config.json') } = options;
  const host = env['SYNAPSE_HOST'];
  const token = env['SYNAPSE_ACCESS_TOKEN'];
  const userToken = env['SYNAPSE_PLUGIN_RUN_USER_TOKEN'];
  const tenant = env['SYNAPSE_PLUGIN_RUN_TENANT'];
  const isEnough = Boolean(host && (token || userToken));
  const file = isEnough && tenant ? {} : readConfig(configFile, isEnough);
  return withoutEmpty({
    host: host || file.host,
    token: token || file.access_token,
    userToken: userToken || file.user_token,
    tenant: tenant || file.tenant,
  });
}

/** @param isOptional the environment has what is needed; a broken file then is nobody's business */
function readConfig(path: string, isOptional: boolean): z.infer<typeof configSchema> {
  try {
    return configSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if (isOptional || isMissing(error)) return {};
    // Not the parser's own words: they quote the file, and the file holds a token.
    const what =
      error instanceof SyntaxError
        ? 'it is no JSON'
        : error instanceof z.ZodError
          ? 'host, access_token, user_token and tenant must be texts'
          : String(error);
    throw new BackendError({
      code: 'backend_not_configured',
      message: `${path} cannot be read: ${what}. Repair it, or set SYNAPSE_HOST and SYNAPSE_ACCESS_TOKEN.`,
    });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function withoutEmpty(values: Record<keyof Credentials, string | null | undefined>): Credentials {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value));
}
