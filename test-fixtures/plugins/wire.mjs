// The few lines that every Node plugin here shares: frames in, frames out.
const listeners = [];
let buffered = '';

process.stdin.setEncoding('utf8');
process.stdin.on('data', (text) => {
  buffered += text;
  const lines = buffered.split('\n');
  buffered = lines.pop();
  for (const line of lines) if (line.trim() !== '') dispatch(JSON.parse(line));
});
process.stdin.on('end', () => process.exit(0));

function dispatch(message) {
  for (const listener of listeners) listener(message);
}

export function onMessage(listener) {
  listeners.push(listener);
}

export function write(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

export const result = (id, value) => write({ id, result: value });
export const notify = (method, params) => write({ method, params });

/** Answers the handshake and gives everything else to `handlers[method](message)`. */
export function plugin(steps, handlers, capabilities = {}) {
  onMessage((message) => {
    switch (message.method) {
      case 'initialize':
        return result(message.id, { protocol_version: 1, plugin: { name: 'fixture', language: 'node' }, capabilities });
      case 'describe':
        return result(message.id, { steps });
      case 'shutdown':
        return (handlers.shutdown ?? (({ id }) => result(id, {})))(message);
      default:
        if (handlers[message.method]) return handlers[message.method](message);
        if (message.id !== undefined) write({ id: message.id, error: { code: -32601, message: `unknown method: ${message.method}` } });
    }
  });
}

/** Calls `listener` for each notification `method` of the host. */
export function onNotification(method, listener) {
  onMessage((message) => message.method === method && message.id === undefined && listener(message.params));
}
