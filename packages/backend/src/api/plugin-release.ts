import { z } from 'zod';

import { idSchema } from './id.js';

/** Answer of `GET plugin_releases/{id}/?expand=plugin`. */
export const pluginReleaseSchema = z.looseObject({
  id: idSchema.optional(),
  version: z.string().nullish(),
  plugin: z.union([z.looseObject({ code: z.string().nullish() }), idSchema]).nullish(),
});

export type PluginRelease = z.infer<typeof pluginReleaseSchema>;
