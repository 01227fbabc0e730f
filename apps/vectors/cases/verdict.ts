export type Verdict =
  | { readonly verdict: 'same' }
  /** `rules` are those without which something else would be expected. */
  | { readonly verdict: 'different'; readonly rules: readonly string[] }
  | { readonly verdict: 'unlisted'; readonly difference: string };

/** Whatever a case throws while it is interpreted is a difference that no rule lists. */
export async function unlistedWhenThrown(judge: () => Promise<Verdict>): Promise<Verdict> {
  try {
    return await judge();
  } catch (error) {
    return { verdict: 'unlisted', difference: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
