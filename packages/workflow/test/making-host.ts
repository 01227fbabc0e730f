// A host of its own that prepares an environment: tells each progress and the result as lines of JSON.
import { preparePythonEnvironment } from '@synapse-steps/workflow';

const [cwd = '.', cacheFolder = ''] = process.argv.slice(2);
const say = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
try {
  say(
    await preparePythonEnvironment({
      cwd,
      cacheFolder,
      requirements: 'requirements.txt',
      installer: 'pip',
      onProgress: say,
    }),
  );
} catch (error) {
  say({ error: String(error), code: (error as { readonly code?: unknown }).code });
}
