export { servePlugin, type ServePluginOptions } from './serve-plugin.js';
