export { loadCredentials, type Credentials, type LoadCredentialsOptions } from './config/load-credentials.js';
export { BackendError, type BackendErrorCode, type BackendErrorOptions } from './errors/backend-error.js';
