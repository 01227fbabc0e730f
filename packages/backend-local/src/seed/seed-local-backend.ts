import { openStore } from '../store/open-store.js';
import { seedStore, type SeedReport } from './seed-store.js';

/**
 * Seeds a folder of which no backend is running. For one that is, use {@link LocalBackend.seed}.
 *
 * @param file YAML: `data_collections`, `projects`, `datasets` ….
 * @throws LocalBackendError `seed_invalid` with file, line and column; `folder_in_use` when a backend runs there.
 */
export async function seedLocalBackend({
  dir,
  file,
}: {
  readonly dir: string;
  readonly file: string;
}): Promise<SeedReport> {
  const store = openStore({ dir });
  try {
    return await seedStore(store, file);
  } finally {
    store.close();
  }
}
