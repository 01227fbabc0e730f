// State of this module: two files that import it must see the same.
export const counter = { loads: 0 };
