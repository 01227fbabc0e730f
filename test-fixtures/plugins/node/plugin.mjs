const write = process.stdout.write.bind(process.stdout);
console.log = console.info = console.error; // what is printed goes to stderr, so that stdout holds frames only

function execute(id, { step, context }) {
  if (step !== 'double') return refuse(id, { code: 1001, message: `there is no step ${step}` });
  const { value } = context.full;
  if (typeof value !== 'number') return answer(id, { success: false, error: 'value must be a number' });
  return answer(id, { success: true, patch: [{ op: 'add', path: '/doubled', value: value * 2 }] });
}

function handle({ id, method, params }) {
  if (id === undefined) return; // a notification: this plugin needs none
  if (method === 'describe') return answer(id, { steps: [{ name: 'double' }] });
  if (method === 'execute') return execute(id, params);
  if (method !== 'initialize') return refuse(id, { code: -32601, message: `there is no method ${method}` });
  if (params.protocol_versions.includes(1)) return answer(id, { protocol_version: 1, plugin: { name: 'double' } });
  return refuse(id, { code: 1011, message: 'this plugin speaks version 1', data: { supported: [1] } });
}

const answer = (id, result) => send({ id, result });
const refuse = (id, error) => send({ id, error });
const send = (frame) => write(`${JSON.stringify({ jsonrpc: '2.0', ...frame })}\n`);

let rest = '';
process.stdin.setEncoding('utf8').on('data', (text) => {
  const lines = (rest + text).split('\n'); // at the line feed only: readline would also split at a lone CR
  rest = lines.pop();
  for (const line of lines) {
    try {
      if (line.trim()) handle(JSON.parse(line));
    } catch (error) {
      console.error(error); // a line that cannot be read ends nothing
    }
  }
});
