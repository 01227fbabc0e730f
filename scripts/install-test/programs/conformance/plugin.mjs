const capabilities = { ping: process.argv.includes('--boast') };

/** @type {Record<string, (params: any) => object>} */
const methods = {
  initialize: ({ protocol_versions: versions }) =>
    versions.includes(1)
      ? { result: { protocol_version: 1, capabilities } }
      : { error: { code: 1011, message: 'this plugin speaks version 1' } },
  describe: () => ({ result: { steps: [{ name: 'nothing' }] } }),
  execute: ({ step }) =>
    step === 'nothing' ? { result: { success: true } } : { error: { code: 1001, message: 'there is no such step' } },
};

let rest = '';
process.stdin.setEncoding('utf8').on('data', (text) => {
  const lines = (rest + text).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) answer(line);
});

/** @param {string} line */
function answer(line) {
  const frame = parse(line);
  if (frame?.id === undefined) return;
  const unknown = () => ({ error: { code: -32601, message: `there is no method ${frame.method}` } });
  const parts = (methods[frame.method] ?? unknown)(frame.params);
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id: frame.id, ...parts })}\n`);
}

/** @param {string} line */
function parse(line) {
  try {
    return JSON.parse(line);
  } catch (error) {
    console.error(String(error));
    return undefined;
  }
}
