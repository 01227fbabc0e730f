/** The version of this package, told to the other side of the wire; a test keeps it equal to the manifest. */
export const PACKAGE_VERSION = '0.0.0';
