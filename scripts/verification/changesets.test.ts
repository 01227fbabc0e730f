import getReleasePlan from '@changesets/get-release-plan';
import { expect, it } from 'vitest';
import { publishablePackages, root } from '../bootstrap/repository.mjs';

it('has a valid configuration, and changesets for users of packages that are published', async () => {
  const published = publishablePackages().map(({ manifest }) => manifest.name);
  const { changesets } = await getReleasePlan(root); // rejects a bad configuration and a package that does not exist

  for (const { id, summary, releases } of changesets) {
    expect(summary.length, `the summary of ${id}`).toBeGreaterThan(20);
    for (const { name } of releases) expect(published, id).toContain(name);
  }
});
