// A plugin that keeps every clause of the protocol, and the parts of it that others replace to break one.
const write = process.stdout.write.bind(process.stdout);

/** Writes a line as it is. */
export const writeLine = (line) => write(`${line}\n`);
export const send = (frame) => writeLine(JSON.stringify({ jsonrpc: '2.0', ...frame }));
export const answer = (id, result) => {
  if (held?.call === id) patched(held.context, result.patch ?? []); // the host has that too, from now on
  send({ id, result });
};
export const refuse = (id, code, message) => send({ id, error: { code, message } });

/** The calls under way: id → what `cancel` and `undo_saved` do to them. */
export const running = new Map();
const seqs = new Map(); // id → the last seq

/** The context that the last call left: its run, its revision, and what is in it. */
let held;

/** Takes the context of a call. False, and the call is refused, when the host builds on one that is not here. */
function takeContext(id, params) {
  const { run_id: run, context } = params;
  const isHeld = held !== undefined && held.run === run && held.rev === context.base;
  if (context.full !== undefined) held = { run, context: structuredClone(context.full) };
  else if (!isHeld || !patched(held.context, context.patch)) held = undefined;
  if (held === undefined) {
    refuse(id, 1009, `revision ${context.base} of the context is not here`);
    return false;
  }
  Object.assign(held, { call: id, rev: context.rev });
  params.context = { rev: context.rev, full: held.context };
  return true;
}

/** Applies operations; false for one that does not fit. */
export function patched(root, operations) {
  return operations.every(({ op, path, value }) => {
    const [last, ...parents] = path.slice(1).split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')).reverse();
    const target = parents.reduceRight((at, key) => at?.[key], root);
    if (typeof target !== 'object' || target === null) return false;
    const index = Array.isArray(target) && last === '-' ? target.length : last;
    if (op !== 'add' && !Object.hasOwn(target, index)) return false;
    if (Array.isArray(target)) target.splice(Number(index), op === 'add' ? 0 : 1, ...(op === 'remove' ? [] : [value]));
    else if (op === 'remove') delete target[index];
    else target[index] = value;
    return true;
  });
}

/** Sends a notification of a request. */
export function notify(method, id, params) {
  const seq = (seqs.get(id) ?? 0) + 1;
  seqs.set(id, seq);
  send({ method, params: { id, seq, ...params } });
  return seq;
}

/** What each part does when it is right. */
export const RIGHT = {
  capabilities: { cancel: true, ping: true, rollback: true, can_skip: true, undo: true, context_delta: true },
  steps: [
    { name: 'work', can_skip: true },
    { name: 'conformance-waits' },
    { name: 'conformance-saves-undo', rollback: true },
    { name: 'conformance-prints' },
  ],
  initialize: (id, params) => {
    if (!params.protocol_versions.includes(1)) return refuse(id, 1011, 'this plugin speaks version 1');
    answer(id, { protocol_version: 1, plugin: { name: 'conforming' }, capabilities: RIGHT.capabilities });
  },
  describe: (id, _params, parts) => answer(id, { steps: parts.steps }),
  can_skip: (id) => answer(id, { skip: false, reason: null }),
  rollback: (id) => answer(id, { outcome: 'undone', left_behind: [], patch: [] }),
  ping: (id) => answer(id, {}),
  shutdown: (id) => answer(id, {}),
  work: (id) => {
    notify('progress', id, { current: 1, total: 2, message: 'half' });
    notify('progress', id, {});
    notify('metrics', id, { metrics: { loss: 0.5 } });
    notify('log', id, { level: 'info', event: 'worked', data: {} });
    answer(id, { success: true, data: { a: 1 }, patch: [{ op: 'add', path: '/worked', value: true }] });
  },
  'conformance-waits': (id) => {
    const timer = setInterval(() => undefined, 1000);
    running.set(id, {
      cancel: () => {
        clearInterval(timer);
        send({ id, error: { code: 1003, message: 'cancelled', data: { kind: 'cancelled', cause: [] } } });
      },
    });
  },
  'conformance-saves-undo': (id) => {
    notify('undo', id, { data: { path: 'model.json' } });
    running.set(id, { cancel: () => undefined, saved: () => answer(id, { success: true }) });
  },
  'conformance-prints': (id) => {
    console.error('this is printed');
    answer(id, { success: true });
  },
  cancel: (id) => end(id, 'cancel'),
  undo_saved: (id) => end(id, 'saved'),
  takeContext,
  lineEnd: '\n',
  takes: () => true, // a line, and how many came before it at once
  unknownMethod: (id, method) => refuse(id, -32601, `there is no method ${method}`),
  unknownNotification: () => undefined,
  unreadable: (line) => console.error(`cannot read ${line}`),
  ended: () => process.exit(0),
};

/** Serves the right parts, and the ones that are given instead. */
export function serve(wrong = {}) {
  const parts = { ...RIGHT, ...wrong };
  let rest = '';
  process.stdin.setEncoding('utf8').on('data', (text) => {
    const lines = (rest + text).split(parts.lineEnd);
    rest = lines.pop();
    for (const [at, line] of lines.entries()) if (line.trim() !== '' && parts.takes(line, at)) serveLine(line, parts);
  });
  process.stdin.on('end', () => parts.ended());
}

function serveLine(line, parts) {
  let frame;
  try {
    frame = JSON.parse(line);
  } catch (error) {
    return parts.unreadable(line, error);
  }
  if (typeof frame?.method !== 'string') return parts.unreadable(line);
  return frame.id === undefined ? hear(frame, parts) : respond(frame, parts);
}

function hear({ method, params }, parts) {
  if (method === 'cancel' || method === 'undo_saved') parts[method](params.id);
  else parts.unknownNotification();
}

function respond({ id, method, params }, parts) {
  if (params?.context !== undefined && !parts.takeContext(id, params)) return;
  if (method === 'execute') {
    if (parts.steps.some(({ name }) => name === params.step)) return parts[params.step](id, params, parts);
    return parts.unknownStep?.(id) ?? refuse(id, 1001, `there is no step ${params.step}`);
  }
  if (METHODS.includes(method)) return parts[method](id, params, parts);
  return parts.unknownMethod(id, method);
}

const METHODS = ['initialize', 'describe', 'can_skip', 'rollback', 'ping', 'shutdown'];

function end(id, how) {
  running.get(id)?.[how]?.();
  running.delete(id);
}
