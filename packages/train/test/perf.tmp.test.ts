import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'vitest';
import { LocalTrainer, runAction, workDir } from './run-action.js';
it('x', { timeout: 120000 }, async () => {
  for (const n of [250, 500, 1000, 2000]) {
    const dir = await workDir();
    class T extends LocalTrainer {
      static override readonly monitor = { metric: 'loss' };
      override async execute(_d: string, _c: unknown, context: any) {
        for (let e = 1; e <= n; e += 1) {
          await writeFile(join(dir, `c${e}`), '');
          await context.saveCheckpoint(`c${e}`, { epoch: e, metrics: { loss: e } });
          context.reportMetrics({ loss: e }, { epoch: e });
        }
        return {};
      }
    }
    const t = performance.now();
    const { journal } = await runAction(new T(dir));
    const size = JSON.stringify(journal.commits).length;
    console.log(n, Math.round(performance.now() - t), 'ms', size, 'bytes', size / n);
  }
});
