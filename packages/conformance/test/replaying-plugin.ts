// A plugin that says what the plugin of a transcript said, and writes down what its host did otherwise.
import { appendFileSync, readFileSync } from 'node:fs';
import { readTranscript } from '@synapse-steps/bridge/transcript';
import { replayAsPlugin } from '../src/index.js';

const [file = '', verdict = ''] = process.argv.slice(2);
const { problems, exit } = await replayAsPlugin(readTranscript(readFileSync(file, 'utf8'), file), {
  input: process.stdin,
  output: process.stdout,
  errors: process.stderr,
  patienceMs: 10_000,
});
appendFileSync(verdict, `${JSON.stringify(problems)}\n`); // a host may start it again
await new Promise((resolve) => process.stdout.write('', resolve)); // a long message may still be on its way
process.exit(exit.code ?? 1);
