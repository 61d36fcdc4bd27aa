/**
 * changes/NNNN.md: one migration as a reviewer reads it: what changes, drawn and compared, what each
 * statement locks and risks, what was proven and how to undo it. No links to other pages: the report
 * stays when a table's page is gone.
 */
import { parseAddress, pathText, type Address } from '../model/address.ts';
import type { Change } from '../model/change.ts';
import type { ChangeMark, DocumentNode } from '../model/document.ts';
import type { Json } from '../model/object.ts';
import { blockedBy, lockModes, type Hazard, type Lock, type Statement } from '../model/statement.ts';
import { catalogueOf } from './catalogue.ts';
import { bothSides, leadingChanges, marksOf, objectOf } from './change-marks.ts';
import { definitionLines } from './definition.ts';
import {
  markdownBlock,
  markdownCell,
  markdownCode,
  markdownCodeCell,
  markdownPage,
  markdownParagraphs,
  markdownSection,
  markdownTable,
  markdownText,
} from './escape/markdown.ts';
import { lineDiff } from './line-diff.ts';
import { costText } from '../model/figures.ts';
import type { PlanBefore } from '../model/workload.ts';
import { drawDiagram, withNeighbours } from './mermaid.ts';

export interface ChangeReportInput {
  /** The migration's name, such as `0001_create_digests`. */
  readonly name: string;
  readonly summary: string | readonly string[];
  /** What was documented before and after; before with the names that renames gave. */
  readonly before: readonly DocumentNode[];
  readonly after: readonly DocumentNode[];
  readonly changes: readonly Change[];
  readonly statements: readonly Statement[];
  /** Queries that are planned otherwise afterwards. */
  readonly plans?: readonly { readonly query: string; readonly before: PlanBefore; readonly after: PlanBefore }[];
  /** Hazards that were allowed, as `HAZARD:ADDRESS`. */
  readonly allowances: readonly string[];
  /** What was proven and where, in words. */
  readonly proven: string;
  /** Statements that take the migration back, in the order to run them. */
  readonly undo: readonly string[];
}

const signs = { added: '+', removed: '-', altered: '~' } as const;
/** More changed tables than this are drawn without their neighbours. */
const tablesWithNeighbours = 30;
const longestValue = 120;

function valueText(value: Json | undefined): string {
  const text = value === undefined ? '(none)' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}

function changeText(change: Change): string {
  if (change.change !== 'altered') return change.change;
  const [before, after] = [change.before.attributes, change.after.attributes] as readonly { readonly [name: string]: Json }[];
  return change.attributes
    .map((name) => `${markdownCell(name)}: ${markdownCodeCell(valueText(before?.[name]))} → ${markdownCodeCell(valueText(after?.[name]))}`)
    .join('<br>');
}

function changeTable(changes: readonly Change[]): string {
  const rows = leadingChanges(changes).map((change) => [
    markdownCodeCell(signs[change.change]),
    markdownCodeCell(objectOf(change).id),
    changeText(change),
  ]);
  return markdownTable(['', 'Object', 'Change'], rows);
}

function diagram(input: ChangeReportInput, nodes: readonly DocumentNode[], marks: ReadonlyMap<Address, ChangeMark>): string {
  const catalogue = catalogueOf(nodes);
  const changed = catalogue.tables.filter((table) => marks.has(table.id)).map((table) => table.id);
  if (changed.length === 0) return '';
  const tables = changed.length > tablesWithNeighbours ? changed : withNeighbours(new Set(changed), catalogue);
  const { text, omitted } = drawDiagram({
    document: { nodes },
    tables,
    focus: changed,
    marks,
    title: `What ${input.name} changes`,
    description: 'Changed tables and those next to them: + added, ~ changed, - removed.',
  });
  return [
    markdownBlock('mermaid', text),
    `\`+\` added (green), \`~\` changed (amber), \`-\` removed (red); the others are neighbours, by name. ${omitted}`.trim(),
  ].join('\n\n');
}

function comparisons(input: ChangeReportInput, nodes: readonly DocumentNode[], marks: ReadonlyMap<Address, ChangeMark>): string {
  const [before, after, both] = [catalogueOf(input.before), catalogueOf(input.after), catalogueOf(nodes)];
  return nodes
    .filter(
      (node) =>
        marks.has(node.id) &&
        (node.node === 'table' || node.node === 'enumeration' || (node.node === 'note' && both.home(node.id) === undefined)),
    )
    .map((node) => {
      const lines = lineDiff(definitionLines(before.node(node.id), before), definitionLines(after.node(node.id), after));
      return lines.length === 0 ? '' : `${markdownCode(node.id)}\n\n${markdownBlock('diff', lines.join('\n'))}`;
    })
    .filter((text) => text !== '')
    .join('\n\n');
}

function plainName(id: Address): string {
  const parsed = parseAddress(id);
  return parsed === undefined ? id : pathText(parsed.path);
}

/** `ShareUpdateExclusiveLock` as the manual writes it: `SHARE UPDATE EXCLUSIVE`. */
function modeText(mode: Lock['mode']): string {
  return mode
    .replace(/Lock$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase();
}

function lockText(locks: readonly Lock[]): string {
  const strongestFirst = [...lockModes].reverse().filter((mode) => locks.some((lock) => lock.mode === mode));
  return strongestFirst
    .map((mode) => {
      const names = locks.filter((lock) => lock.mode === mode).map((lock) => markdownCodeCell(plainName(lock.relation)));
      return `${modeText(mode)} on ${[...new Set(names)].join(', ')}`;
    })
    .join('<br>');
}

function blockText(locks: readonly Lock[]): string {
  const blocked = new Set(locks.map((lock) => blockedBy(lock.mode)));
  return blocked.has('reads and writes') ? 'reads and writes' : blocked.has('writes') ? 'writes' : '';
}

const stepTexts: { readonly [step in Statement['step']]: string } = {
  transactional: '',
  concurrent: 'outside a transaction',
  validate: 'scan, own transaction',
  backfill: 'in batches',
  expand: 'for each partition',
};

function statementTable(statements: readonly Statement[]): string {
  const rows = statements.map((statement, position) => [
    String(position + 1),
    markdownCell(statement.purpose),
    lockText(statement.locks),
    blockText(statement.locks),
    [
      ...new Set([
        ...statement.rewrites.map((id) => `rewrites ${markdownCodeCell(plainName(id))}`),
        ...statement.scans.map((id) => `scans ${markdownCodeCell(plainName(id))}`),
      ]),
    ].join('<br>'),
    stepTexts[statement.step],
    statement.phase === 'contract' ? 'after the deploy' : '',
  ]);
  return markdownTable(['#', 'Statement', 'Locks', 'Blocks', 'Work', 'How', 'When'], rows);
}

function hazardText(hazard: Hazard, position: number, allowances: readonly string[]): string {
  const allowed = allowances.includes(`${hazard.hazard}:${hazard.subject}`) ? ' (allowed)' : '';
  const line = `- **${hazard.hazard}**${allowed}, statement ${position}, ${markdownCode(hazard.subject)}: ${markdownText(hazard.reason)}`;
  return hazard.query === undefined ? line : `${line}; the rows in question:\n\n${markdownBlock('sql', hazard.query).replace(/^/gm, '  ')}`;
}

function hazards(input: ChangeReportInput): string {
  const lines = input.statements.flatMap((statement, position) =>
    statement.hazards.map((hazard) => hazardText(hazard, position + 1, input.allowances)),
  );
  const named = new Set(input.statements.flatMap((statement) => statement.hazards.map((hazard) => `${hazard.hazard}:${hazard.subject}`)));
  const others = input.allowances.filter((allowance) => !named.has(allowance)).map((allowance) => `- Allowed: ${markdownCode(allowance)}`);
  return [...lines, ...others].join('\n');
}

function undoText(undo: readonly string[]): string {
  if (undo.length === 0) return 'No statement takes this migration back.';
  return markdownBlock('sql', undo.map((sql) => (/;\s*$/.test(sql) ? sql : `${sql};`)).join('\n'));
}

/** Plans as a diff: what a reviewer of an index looks for. */
function planTexts({ plans = [] }: ChangeReportInput): string {
  return plans
    .map(({ query, before, after }) => {
      const lines = lineDiff(before.plan, after.plan);
      const costs = `cost ${costText(before.cost)} → ${costText(after.cost)}`;
      return `${markdownCode(query)}: ${costs}\n\n${markdownBlock('diff', lines.join('\n'))}`;
    })
    .join('\n\n');
}

function summaryText(summary: ChangeReportInput['summary']): string {
  return typeof summary === 'string' ? markdownParagraphs(summary) : summary.map((line) => `- ${markdownText(line)}`).join('\n');
}

/** The report of one migration. The same input gives the same bytes. */
export function changeReport(input: ChangeReportInput): string {
  const nodes = bothSides(input.before, input.after);
  const marks = marksOf(input.changes, catalogueOf(nodes));
  return markdownPage([
    `# ${markdownText(input.name)}`,
    summaryText(input.summary),
    markdownSection(2, 'Diagram', diagram(input, nodes, marks)),
    markdownSection(2, 'Changes', changeTable(input.changes)),
    markdownSection(2, 'Before and after', comparisons(input, nodes, marks)),
    markdownSection(2, 'Statements', statementTable(input.statements)),
    markdownSection(2, 'Plans of queries', planTexts(input)),
    markdownSection(2, 'Hazards', hazards(input)),
    markdownSection(2, 'Proven', markdownParagraphs(input.proven)),
    markdownSection(2, 'How to undo', undoText(input.undo)),
  ]);
}
