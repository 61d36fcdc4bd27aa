/** What there is to say of a code that is no lint rule's: what it means and why, and what to do. */
export interface Explanation {
  readonly meaning: string;
  readonly remedy: string;
}

export type Explanations = { readonly [code: string]: Explanation };
