/** What pull cannot bring over, each with the reason; the suite fails the day that one of them passes. */

/** What is left opaque of the corpus, by `case side`: what the schema language has no word for. */
export const leftOpaque: { readonly [name: string]: readonly { readonly object: string; readonly because: string }[] } = {};

/** Real schemas that hold what no kind reads yet, and other objects that rest on it. */
export const unmodelled: { readonly [schema: string]: string } = {};
