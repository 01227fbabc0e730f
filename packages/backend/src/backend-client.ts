import { loadCredentials, type LoadCredentialsOptions } from './config/load-credentials.js';
import { BackendError } from './errors/backend-error.js';
import { Transport } from './http/transport.js';
import { ChunkedUploads } from './resources/chunked-uploads.js';
import { DataCollections } from './resources/data-collections.js';
import { DataFiles } from './resources/data-files.js';
import { DataUnits } from './resources/data-units.js';
import { Downloads } from './resources/downloads.js';
import { GroundTruthEvents } from './resources/ground-truth-events.js';
import { Jobs } from './resources/jobs.js';
import { Logs } from './resources/logs.js';
import { Models } from './resources/models.js';
import { PluginReleases } from './resources/plugin-releases.js';
import { PresignedUploads } from './resources/presigned-uploads.js';
import { Projects } from './resources/projects.js';
import { Storages } from './resources/storages.js';

export interface BackendClientOptions {
  /** The address of the backend's API. */
  readonly host: string;
  /** Sent as `Synapse-Access-Token`. */
  readonly token?: string | undefined;
  /** Sent as `Authorization`; what a plugin run is given instead of an access token. */
  readonly userToken?: string | undefined;
  /** The tenant's code, for a user token. */
  readonly tenant?: string | undefined;
  /** Sent as `SYNAPSE-Agent`. */
  readonly agentToken?: string | undefined;
  /** Milliseconds. Default 5 s. */
  readonly connectTimeoutMs?: number | undefined;
  /** How long an answer, or the next piece of it, may take, in milliseconds. Default 15 s; requests with files have more. */
  readonly readTimeoutMs?: number | undefined;
  /** How many more tries, for what may be gone in a moment. Default 3. */
  readonly retries?: number | undefined;
  /** The pause before the n-th one is random, up to this · 2ⁿ⁻¹ milliseconds. Default 2000. */
  readonly retryDelayMs?: number | undefined;
}

/** Where the Python SDK looks when no host is named. */
const DEFAULT_HOST = 'https://api.synapse.sh';

/**
 * The Synapse backend. What goes over the wire has the backend's own names (`data_collection`); everything else is in
 * camelCase. Each call takes a `signal`, and rejects with its reason or with a {@link BackendError}.
 *
 * @example
 * const backend = new BackendClient({ host: 'https://api.example.com', token });
 * const units = await backend.dataUnits.create([{ data_collection: 5, files: { image: { checksum } }, meta }]);
 */
export class BackendClient {
  /** As it was given. */
  readonly host: string;
  readonly storages: Storages;
  readonly dataCollections: DataCollections;
  readonly projects: Projects;
  readonly chunkedUploads: ChunkedUploads;
  readonly dataFiles: DataFiles;
  readonly presignedUploads: PresignedUploads;
  readonly dataUnits: DataUnits;
  readonly models: Models;
  readonly jobs: Jobs;
  readonly logs: Logs;
  readonly pluginReleases: PluginReleases;
  readonly groundTruthEvents: GroundTruthEvents;
  readonly downloads: Downloads;

  /** @throws BackendError `backend_not_configured` when the host or a token cannot be used. */
  constructor(options: BackendClientOptions) {
    const { connectTimeoutMs = 5000, readTimeoutMs = 15_000, retries = 3, retryDelayMs = 2000, ...identity } = options;
    const retry = { retries, delayMs: retryDelayMs };
    this.host = options.host;
    const transport = new Transport({ ...identity, connectTimeoutMs, readTimeoutMs, retry });
    this.storages = new Storages(transport);
    this.dataCollections = new DataCollections(transport);
    this.projects = new Projects(transport);
    this.chunkedUploads = new ChunkedUploads(transport);
    this.dataFiles = new DataFiles(transport, this.chunkedUploads);
    this.presignedUploads = new PresignedUploads(transport, this.dataFiles);
    this.dataUnits = new DataUnits(transport);
    this.models = new Models(transport);
    this.jobs = new Jobs(transport);
    this.logs = new Logs(transport);
    this.pluginReleases = new PluginReleases(transport);
    this.groundTruthEvents = new GroundTruthEvents(transport);
    this.downloads = new Downloads(transport);
  }

  /**
   * A client that is configured as the Python SDK's: see {@link loadCredentials}. A user token goes before an access token.
   *
   * @throws BackendError `backend_not_configured` when there is no token.
   */
  static fromEnvironment(options: LoadCredentialsOptions & Partial<BackendClientOptions> = {}): BackendClient {
    const { env, configFile, ...given } = options;
    const found = loadCredentials({ ...(env && { env }), ...(configFile !== undefined && { configFile }) });
    if (!found.token && !found.userToken) {
      throw new BackendError({
        code: 'backend_not_configured',
        message:
          'There is no token for the backend. Set SYNAPSE_ACCESS_TOKEN, or access_token in ~/.synapse/config.json.',
      });
    }
    const { userToken, tenant, host = DEFAULT_HOST } = found;
    const token = userToken === undefined ? found.token : undefined;
    return new BackendClient({ host, token, userToken, tenant, ...given });
  }
}
