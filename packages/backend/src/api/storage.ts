import { z } from 'zod';

import { idSchema } from './id.js';

/** Answer of `GET storages/{id}/?with_configuration=true`. */
export const storageSchema = z.looseObject({
  id: idSchema,
  name: z.string(),
  category: z.string().optional(),
  provider: z.string(),
  configuration: z.record(z.string(), z.unknown()).nullish(),
  is_default: z.boolean().optional(),
});

/** Body of `POST storages/{id}/session/`. */
export const storageSessionRequestSchema = z.object({ purpose: z.string().default('read') });

/** Answer of `POST storages/{id}/session/`. It holds credentials that expire: never store it, open it again by the storage's id. */
export const storageSessionSchema = z.looseObject({
  provider: z.string(),
  configuration: z.record(z.string(), z.unknown()),
  /** RFC 3339; null: does not expire. */
  expires_at: z.string().nullish(),
  contract_version: z.int().optional(),
});

export type Storage = z.infer<typeof storageSchema>;
export type StorageSession = z.infer<typeof storageSessionSchema>;
export type StorageSessionRequest = z.input<typeof storageSessionRequestSchema>;
