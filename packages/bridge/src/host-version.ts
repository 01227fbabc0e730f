/** The version that the host tells a plugin; kept equal to the package's by a test. */
export const HOST_VERSION = '0.0.0';
