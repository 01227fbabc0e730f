import { HOST_NOTIFICATIONS, PLUGIN_NOTIFICATIONS, REQUESTS } from '@synapse-steps/bridge/protocol';

type Frame = Readonly<Record<string, unknown>>;
interface Schema {
  safeParse(value: unknown): { readonly success: boolean; readonly data?: unknown };
}

/** Writes into each frame what it left out because that is the default, so that two that say the same are the same. */
export class NormalFrames {
  readonly #methods = new Map<unknown, string>();

  /** Frames must be given in the order in which they were said, as an answer is known by its request. */
  normal(frame: Frame): Frame {
    const { id, method } = frame;
    if (typeof method !== 'string') return this.#normalAnswer(frame);
    if (id !== undefined) this.#methods.set(id, method);
    const schema = id === undefined ? NOTIFICATIONS[method] : requestOf(method)?.params;
    return { ...frame, params: withDefaults(frame['params'] ?? {}, schema) };
  }

  #normalAnswer(frame: Frame): Frame {
    const schema = requestOf(this.#methods.get(frame['id']))?.result;
    return 'result' in frame ? { ...frame, result: withDefaults(frame['result'], schema) } : frame;
  }
}

const NOTIFICATIONS: Readonly<Record<string, Schema>> = { ...HOST_NOTIFICATIONS, ...PLUGIN_NOTIFICATIONS };

function requestOf(method: string | undefined): { readonly params: Schema; readonly result: Schema } | undefined {
  return Object.entries(REQUESTS).find(([name]) => name === method)?.[1];
}

/** What is wrong stays as it is: the comparison will say so. */
function withDefaults(value: unknown, schema: Schema | undefined): unknown {
  const parsed = schema?.safeParse(value);
  return parsed?.success === true ? parsed.data : value;
}
