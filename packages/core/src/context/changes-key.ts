/** Where a context keeps what is known of its changes. Shared by all copies of this package. */
export const CHANGES: unique symbol = Symbol.for('synapse-steps.changes');
