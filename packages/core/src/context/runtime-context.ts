import { copyJsonObject, type JsonObject } from '../json/json-value.js';

export interface RuntimeContextOptions<TClient = unknown> {
  /** The workflow's parameters; JSON. Default `{}`. */
  readonly params?: JsonObject;
  /** Named settings, as in an environment. Default `{}`: nothing of the process's environment is taken over unasked. */
  readonly env?: Readonly<Record<string, string>>;
  readonly jobId?: string;
  /** The backend's client. */
  readonly client?: TClient;
  /** The model that a training run starts from. */
  readonly checkpoint?: JsonObject;
  /** The directory from which the workflow was started; steps and plugins run there. Default: the process's own, `.`. */
  readonly workDir?: string;
}

/** What the host lends to a run. The steps of the run share it, unchanged. */
export class RuntimeContext<TClient = unknown> {
  readonly params: JsonObject;
  readonly env: Readonly<Record<string, string>>;
  readonly jobId: string | undefined;
  readonly client: TClient | undefined;
  readonly checkpoint: JsonObject | undefined;
  readonly workDir: string;

  constructor(options: RuntimeContextOptions<TClient> = {}) {
    this.params = copyJsonObject(options.params ?? {}, 'params');
    this.env = { ...options.env };
    this.jobId = options.jobId;
    this.client = options.client;
    this.checkpoint = options.checkpoint;
    this.workDir = options.workDir ?? '.';
  }
}
