// Times one import in a process that has just begun. Copied into the project whose modules it imports; needs serve-probe.js.
// Arguments: the module, then those that are imported before and not timed.
import { serveProbe } from './serve-probe.js';

const [module = '', ...before] = process.argv.slice(2);

await serveProbe(process.versions.node, async () => {
  for (const name of before) await import(name);
  const start = performance.now();
  await import(module);
  return { value: performance.now() - start };
});
