import { z } from 'zod';

const name = z.string().trim().min(1);
const specification = z.strictObject({
  name,
  file_type: z.enum(['image', 'video', 'audio', 'text', 'pcd', 'data']).default('data'),
  is_required: z.boolean().default(false),
  is_primary: z.boolean().default(false),
  extensions: z.array(z.string().trim().min(1)).optional(),
});

const eventFile = z.union([
  z.string().min(1),
  z.strictObject({
    path: z.string().min(1),
    file_type: z.string().default('image'),
    is_primary: z.boolean().optional(),
  }),
]);

const event = z.strictObject({
  category: z.string().default('train'),
  files: z.record(z.string(), eventFile),
  /** The annotations themselves, or the path of a JSON file that holds them. */
  data: z.union([z.string().min(1), z.record(z.string(), z.unknown())]).default({}),
});

/** What a seed file may hold; whatever is named is made once. */
export const seedSchema = z.strictObject({
  storages: z
    .array(z.strictObject({ name, location: z.string().min(1), is_default: z.boolean().default(false) }))
    .default([]),
  data_collections: z
    .array(
      z.strictObject({
        name,
        description: z.string().optional(),
        category: z.string().optional(),
        file_specifications: z
          .array(specification)
          .min(1)
          .refine((all) => new Set(all.map((one) => one.name)).size === all.length, 'two of them have the same name'),
      }),
    )
    .default([]),
  projects: z
    .array(
      z.strictObject({
        name,
        data_collection: name.optional(),
        category: z.string().optional(),
        description: z.string().optional(),
        configuration: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .default([]),
  plugin_releases: z
    .array(
      z.strictObject({
        version: name,
        plugin: z.strictObject({ code: name, name: name.optional() }),
        config: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .default([]),
  jobs: z.array(z.strictObject({ name, plugin_release: name.optional(), action: z.string().optional() })).default([]),
  datasets: z.array(z.strictObject({ name, events: z.array(event).default([]) })).default([]),
});

export type Seed = z.infer<typeof seedSchema>;
export type SeedDataset = Seed['datasets'][number];
export type SeedEvent = z.infer<typeof event>;
