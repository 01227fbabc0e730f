import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store } from '../src/store/open-store.js';

/** A store in a folder that goes with the test. */
export function openedStore(): { readonly store: Store } & AsyncDisposable {
  const dir = mkdtempSync(join(tmpdir(), 'contents-'));
  const store = openStore({ dir });
  return {
    store,
    [Symbol.asyncDispose]: async () => {
      store.close();
      rmSync(dir, { recursive: true });
      await Promise.resolve();
    },
  };
}
