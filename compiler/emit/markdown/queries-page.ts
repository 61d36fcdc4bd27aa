/** docs/queries.md: the declared queries, what they are for, the SQL that is run, and how it is planned. */
import type { DeclaredQuery, DesignDocument } from '../../model/document.ts';
import { costText, countText } from '../../model/figures.ts';
import type { QueryPlan } from '../../model/workload.ts';
import { markdownBlock, markdownPage, markdownParagraphs, markdownSection, markdownTable, markdownText } from '../escape/markdown.ts';
import { budgetWords, planWords } from '../query-budget.ts';
import { pagesOf, queriesTitle, type DocumentContext, type Pages } from './links.ts';

/** The page of queries; empty where none is declared. */
export function queriesPage(document: DesignDocument, context: DocumentContext = {}): string {
  if (document.queries.length === 0) return '';
  const pages = pagesOf(document, context, 'docs');
  const plans = document.queries.flatMap((query) => context.plans?.get(query.name) ?? []);
  return markdownPage([
    `# ${queriesTitle}`,
    'The queries that the schema is designed for.',
    plans.length === 0 ? '' : overview(plans, pages),
    ...document.queries.map((query) => markdownSection(2, markdownText(query.name), section(query, pages))),
  ]);
}

function overview(plans: readonly QueryPlan[], pages: Pages): string {
  const rows = plans.map((plan) => [
    pages.link(`query ${plan.query}`),
    costText(plan.cost),
    costText(plan.grownCost),
    countText(plan.rows),
    plan.partitions === 0 ? '' : String(plan.partitions),
    budgetWords(plan.budget).join(', '),
    plan.callsPerSecond === undefined ? '' : countText(plan.callsPerSecond),
  ]);
  const headings = ['Query', 'Cost', 'With ten times the rows', 'Rows', 'Partitions', 'Budget', 'Calls a second'];
  const reading =
    "Planned by PostgreSQL for the declared volumes, without data. A cost is the planner's own unit, a page read in sequence, and no time; rows are estimates.";
  return [reading, markdownTable(headings, rows)].join('\n\n');
}

function section(query: DeclaredQuery, pages: Pages): string {
  const uses = pages.context.uses?.get(query.name) ?? [];
  const plan = pages.context.plans?.get(query.name);
  const parts = [
    markdownParagraphs(query.purpose),
    uses.length === 0 ? '' : `Uses ${uses.map(pages.textLink).join(', ')}.`,
    markdownBlock('sql', query.sql.trim()),
    ...(plan === undefined ? [] : planParts(plan)),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function planParts(plan: QueryPlan): readonly string[] {
  const budget = budgetWords(plan.budget);
  return [
    `Planned: ${planWords(plan).join(', ')}.${budget.length === 0 ? '' : ` Budget: ${budget.join(', ')}.`}`,
    markdownBlock('text', plan.plan.join('\n')),
  ];
}
