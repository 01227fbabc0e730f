/** Looks a vector up by its id. @throws Error when there is none */
export function vectorById<TVector extends { readonly id: string }>(
  vectors: readonly TVector[],
): (id: string) => TVector {
  return (id) => {
    const found = vectors.find((vector) => vector.id === id);
    if (found === undefined) throw new Error(`There is no vector '${id}'.`);
    return found;
  };
}
