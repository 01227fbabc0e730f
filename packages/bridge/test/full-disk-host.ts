// A host whose exchange folder lies on a small disk: it says, as JSON, how steps with values end that do not fit, and what is left.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@synapse-steps/core';
import { exchangePath } from '../src/exchange/host-exchange.js';
import { connectPlugin } from '../src/index.js';
import { runSteps } from './run-steps.js';

const [program = '', megabytes = ''] = process.argv.slice(2);
const size = Number(megabytes) * 1_000_000;
await using session = await connectPlugin({ python: program });
const { pid } = session;

console.log(
  JSON.stringify({
    there: await ended('nan', { small: 'x'.repeat(300_000), there: 'x'.repeat(size) }),
    back: await ended('large', { size }),
    fitting: await ended('large', { size: 1_000_000 }),
    isSameProcess: session.pid === pid,
  }),
);

async function ended(step: string, fields: JsonObject) {
  const { report, error, context } = await runSteps(session, [step], { fields });
  const cause = error?.cause as { readonly code?: string; readonly message?: string } | undefined;
  return {
    status: report.status,
    code: cause?.code,
    message: cause?.message,
    undone: context['undone'],
    left: filesIn(exchangePath() ?? ''),
  };
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? filesIn(join(folder, entry.name)) : [entry.name]));
}
