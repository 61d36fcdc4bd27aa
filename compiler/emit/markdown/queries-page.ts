/** docs/queries.md: the declared queries, what they are for, the SQL that is run, and how it is planned. */
import type { DeclaredQuery, DesignDocument } from '../../model/document.ts';
import { costText, countText } from '../../model/figures.ts';
import type { QueryPlan } from '../../model/workload.ts';
import {
  markdownBlock,
  markdownCodeCell,
  markdownPage,
  markdownParagraphs,
  markdownSection,
  markdownTable,
  markdownText,
} from '../escape/markdown.ts';
import { budgetWords, planWords } from '../query-budget.ts';
import { measuredParts } from './measured.ts';
import { pagesOf, queriesTitle, type DocumentContext, type Pages } from './links.ts';

const foreignKeysTitle = 'Foreign keys';

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
    markdownSection(2, foreignKeysTitle, foreignKeys(pages)),
  ]);
}

function overview(plans: readonly QueryPlan[], pages: Pages): string {
  const rows = plans.map((plan) => [
    pages.link(`query ${plan.query}`),
    costText(plan.cost),
    growth(plan),
    countText(plan.rows),
    plan.partitions === 0 ? '' : String(plan.partitions),
    budgetWords(plan.budget).join(', '),
    plan.callsPerSecond === undefined ? '' : countText(plan.callsPerSecond),
  ]);
  const headings = ['Query', 'Cost', 'With ten times the rows', 'Rows', 'Partitions', 'Budget', 'Calls a second'];
  const reading =
    "Planned by PostgreSQL for the declared volumes, without data. A cost is the planner's own unit, a page read in sequence, and no time; rows are estimates. A bar is four blocks longer for each ten times the cost.";
  return [reading, markdownTable(headings, rows), ...unpruned(plans, pages)].join('\n\n');
}

/** Planning and locks of these grow with every partition that comes. */
function unpruned(plans: readonly QueryPlan[], pages: Pages): readonly string[] {
  const items = plans.flatMap(({ query, unpruned: tables = [] }) =>
    tables.length === 0
      ? []
      : [`- ${pages.link(`query ${query}`)} reads every partition of ${tables.map((table) => pages.link(table)).join(', ')}.`],
  );
  if (items.length === 0) return [];
  return ['Without the partition key, so that no partition can be left out, and each is planned and locked:', items.join('\n')];
}

function section(query: DeclaredQuery, pages: Pages): string {
  const uses = pages.context.uses?.get(query.name) ?? [];
  const plan = pages.context.plans?.get(query.name);
  const parts = [
    markdownParagraphs(query.purpose),
    uses.length === 0 ? '' : `Uses ${uses.map(pages.textLink).join(', ')}.`,
    markdownBlock('sql', query.sql.trim()),
    ...(plan === undefined ? [] : [...planParts(plan), ...measuredParts(plan, pages)]),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** What PostgreSQL asks by itself when a row that others refer to goes. */
function foreignKeys(pages: Pages): string {
  const rows = (pages.context.references ?? []).flatMap(({ foreignKey, plan }) => {
    const edge = pages.catalogue.node(foreignKey);
    if (edge?.node !== 'edge') return [];
    const indexes = plan.indexes.map(pages.link).join(', ');
    return [
      [
        markdownCodeCell(edge.name),
        pages.link(edge.to),
        `${edge.onDelete === undefined ? 'looks for' : `${edge.onDelete.toLowerCase()} on`} ${countText(plan.rows)} of ${pages.link(edge.from)}`,
        plan.readWhole.length === 0 ? indexes : '**reads it whole**',
        plan.partitions === 0 ? '' : String(plan.partitions),
        costText(plan.cost),
      ],
    ];
  });
  const table = markdownTable(['Foreign key', 'When a row goes of', 'PostgreSQL', 'By', 'Partitions', 'Cost'], rows);
  return table === '' ? '' : `No query of the application: what each DELETE of a referenced row brings with it, planned alike.\n\n${table}`;
}

/** Costs in the conditions of the gate on a scale of powers of ten, so that a plan that grows with the data is seen at once. */
function chart(plan: QueryPlan): string {
  const points = [
    ['as declared', plan.cost],
    ...(plan.churnedCost === undefined ? [] : [['after churn', plan.churnedCost] as const]),
    ['ten times the rows', plan.grownCost],
    ...(plan.genericCost === plan.cost ? [] : [['for any parameters', plan.genericCost] as const]),
  ] as readonly (readonly [string, number])[];
  const bar = (cost: number): string => '█'.repeat(Math.max(1, Math.round(4 * Math.log10(Math.max(1, cost)) + 1)));
  const width = Math.max(...points.map(([, cost]) => costText(cost).length));
  return points.map(([name, cost]) => `${name.padEnd(18)}  ${costText(cost).padStart(width)}  ${bar(cost)}`).join('\n');
}

/** How the cost goes with the rows, in a word. */
function growth({ cost, grownCost }: QueryPlan): string {
  const factor = grownCost / Math.max(cost, 0.01);
  if (factor < 1.5) return 'stays';
  return factor < 8 ? `× ${factor.toPrecision(2)}` : 'grows with the rows';
}

function planParts(plan: QueryPlan): readonly string[] {
  const budget = budgetWords(plan.budget);
  return [
    `Planned: ${planWords(plan).join(', ')}.${budget.length === 0 ? '' : ` Budget: ${budget.join(', ')}.`}`,
    markdownBlock('text', plan.plan.join('\n')),
    markdownBlock('text', chart(plan)),
  ];
}
