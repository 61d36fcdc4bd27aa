/** What came into PostgreSQL after version 14, and the refusal of it for an older target. */
import type { Context, Mistake } from './context.ts';

const features = {
  'nulls-not-distinct': { since: 15, words: 'NULLS NOT DISTINCT' },
  'virtual-generated': { since: 18, words: 'a virtual generated column' },
  'security-invoker': { since: 15, words: 'security_invoker' },
  'partitioned-exclusion': { since: 17, words: 'an exclusion constraint on a partitioned table' },
  'publication-columns': { since: 15, words: 'a list of columns in a publication' },
  'publication-where': { since: 15, words: 'a row filter in a publication' },
  'publication-schemas': { since: 15, words: 'schemas in a publication' },
  'publication-generated': { since: 18, words: 'publish_generated_columns' },
  'maintain-privilege': { since: 17, words: 'the privilege MAINTAIN' },
  'without-overlaps': { since: 18, words: 'WITHOUT OVERLAPS' },
  period: { since: 18, words: 'a foreign key with PERIOD' },
  'not-enforced': { since: 18, words: 'NOT ENFORCED' },
  'unlogged-sequence': { since: 15, words: 'an unlogged sequence' },
  'set-null-columns': { since: 15, words: 'ON DELETE SET NULL (columns)' },
} as const;

/** Reports a feature that the target major lacks. */
export function checkSince(feature: keyof typeof features, what: string, where: Pick<Mistake, 'at' | 'keys'>, context: Context): void {
  const { since, words } = features[feature];
  if (context.project.postgres >= since) return;
  context.report({
    code: 'not-in-target',
    message: `${what} uses ${words}, which PostgreSQL has since version ${since}; the project is for ${context.project.postgres}`,
    hint: `write it without, or set postgres: ${since} or later in project(…)`,
    ...where,
  });
}
