/** Everything that `schemac explain` knows, one text a code: the rules of lint, and all other diagnostics. */
import { comparingExplanations } from './explanations/comparing.ts';
import { compilingExplanations } from './explanations/compiling.ts';
import { declaringExplanations } from './explanations/declaring.ts';
import type { Explanations } from './explanations/explanation.ts';
import { handWrittenExplanations } from './explanations/hand-written.ts';
import { loadingExplanations } from './explanations/loading.ts';
import { maintainingExplanations } from './explanations/maintaining.ts';
import { measuringExplanations } from './explanations/measuring.ts';
import { migratingExplanations } from './explanations/migrating.ts';
import { pullingExplanations } from './explanations/pulling.ts';
import { undoingExplanations } from './explanations/undoing.ts';

/** Explanations of what is no rule of lint, by code. */
export const explanations: Explanations = {
  ...loadingExplanations,
  ...declaringExplanations,
  ...compilingExplanations,
  ...migratingExplanations,
  ...maintainingExplanations,
  ...comparingExplanations,
  ...pullingExplanations,
  ...handWrittenExplanations,
  ...measuringExplanations,
  ...undoingExplanations,
};
