export type { Limits } from './http/limits.js';
export { LocalBackendError, type LocalBackendErrorCode } from './local-backend-error.js';
export { seedLocalBackend } from './seed/seed-local-backend.js';
export type { Seeded, SeedReport } from './seed/seed-store.js';
export { startLocalBackend, type LocalBackend, type LocalBackendOptions } from './start-local-backend.js';
