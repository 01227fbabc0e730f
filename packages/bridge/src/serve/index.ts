export type { ServedStepTraits } from './describe-steps.js';
export { servePlugin, type ServePluginOptions } from './serve-plugin.js';
export { BadFileError } from '../exchange/exchange-error.js';
export { runFilePath, writeRunFile, type RunFile, type RunFileOptions } from '../exchange/run-files.js';
