/**
 * An erDiagram that is sure to render and can be read at 900 px: direction and detail are chosen
 * from the graph's estimated width, what is left out is said in words, and the text stays under
 * GitHub's 50,000 characters. In the grammar of Mermaid 11.12. A partition is never an entity.
 */
import type { Address } from '../../model/address.ts';
import type { ChangeMark, DesignDocument, EdgeNode, TableNode } from '../../model/document.ts';
import { catalogueOf, type Catalogue } from '../catalogue.ts';
import { mermaidText } from '../escape/mermaid.ts';
import { aliasesOf, entityOf, markText, type Detail, type Entity, type Marks } from './entity.ts';
import { chooseLayout, nodeGap, rankGap, textSize, textWidth, type Layout } from './layout.ts';

/** GitHub does not draw a block of 50,000 characters or more; nothing inside the block can raise it. */
export const maximumLength = 50_000;
const safeLength = 48_000;
/** Above this many tables only keys are shown. */
const manyTables = 8;
/** Text smaller than this, in pixels at 900 px width, is not read: less detail is shown instead. */
const readableText = 10;

/** A directive is the form that every version on GitHub has known; front matter is younger. */
export const diagramSettings = `%%{init: {"er": {"nodeSpacing": ${nodeGap}, "rankSpacing": ${rankGap}}}}%%`;

export interface DiagramInput {
  readonly document: Pick<DesignDocument, 'nodes'>;
  /** The tables to draw; all where absent. */
  readonly tables?: readonly Address[];
  /** The tables that it is about; the others are drawn as names. All where absent. */
  readonly focus?: readonly Address[];
  readonly marks?: ReadonlyMap<Address, ChangeMark>;
  readonly title: string;
  readonly description: string;
}

export interface Diagram {
  readonly text: string;
  /** What the diagram does not show, in words; empty where it shows everything. */
  readonly omitted: string;
  readonly layout: Layout;
}

interface Drawing {
  readonly entities: readonly Entity[];
  readonly relations: readonly Relation[];
  readonly layout: Layout;
}

interface Relation {
  readonly to: Address;
  readonly from: Address;
  readonly sign: string;
  readonly label: string;
  readonly arrow: string;
}

/** `||--o{`: one row on the left side, any number on the right; a soft reference is dashed. */
function arrowOf(edge: EdgeNode): string {
  const line = edge.form === 'soft reference' ? '..' : '--';
  return `${edge.optional ? '|o' : '||'}${line}${edge.cardinality === 'one' ? 'o|' : 'o{'}`;
}

/** The references between the tables; those that would lie on one another are one line. */
function relationsOf(edges: readonly EdgeNode[], marks: Marks | undefined, detail: Detail): readonly Relation[] {
  const relations = edges.map((edge) => ({
    to: edge.to,
    from: edge.from,
    arrow: arrowOf(edge),
    sign: markText(edge.id, marks),
    label: edge.fromColumns.join(', '),
  }));
  if (detail !== 'names') return relations;
  const merged = new Map<string, Relation>();
  for (const relation of relations) {
    const key = JSON.stringify([relation.to, relation.from, relation.arrow, relation.sign]);
    const before = merged.get(key);
    merged.set(key, before === undefined ? relation : { ...before, label: `${before.label}; ${relation.label}` });
  }
  return [...merged.values()];
}

interface Levels {
  readonly focus: Detail;
  readonly others: Detail;
}

function draw(tables: readonly TableNode[], levels: Levels, input: DiagramInput, catalogue: Catalogue): Drawing {
  const focus = input.focus === undefined ? undefined : new Set(input.focus);
  const aliases = aliasesOf(tables);
  const entities = tables.map((table) => {
    const detail = focus === undefined || focus.has(table.id) ? levels.focus : levels.others;
    return entityOf(table, aliases.get(table.id) ?? '', detail, catalogue, input.marks);
  });
  const position = new Map(tables.map((table, index) => [table.id, index]));
  const drawn = tables.flatMap((table) => catalogue.edgesFrom(table.id)).filter((edge) => position.has(edge.to));
  const edges = drawn.filter(
    // Between two tables that it is not about, a line would only be in the way.
    (edge) => focus === undefined || focus.has(edge.from) || focus.has(edge.to),
  );
  const relations = relationsOf(edges, input.marks, levels.focus);
  const links = relations.map((relation) => ({
    from: position.get(relation.to) ?? 0,
    to: position.get(relation.from) ?? 0,
    labelWidth: textWidth(relation.sign + relation.label) * 0.9,
  }));
  return { entities, relations, layout: chooseLayout(entities, links) };
}

/** Stroke colours alone are readable in light and dark; a fill would paint every second row only. */
const classes = {
  added: 'stroke:#1a7f37,stroke-width:3px',
  changed: 'stroke:#bf8700,stroke-width:3px',
  removed: 'stroke:#cf222e,stroke-width:3px',
} as const;

function textOf(drawing: Drawing, input: DiagramInput, omitted: string): string {
  const aliases = new Map(drawing.entities.map((entity) => [entity.table.id, entity.alias]));
  const used = new Set(drawing.entities.map((entity) => input.marks?.get(entity.table.id) ?? 'unchanged'));
  const description = [input.description, omitted].filter((part) => part !== '').join(' ');
  return [
    diagramSettings,
    'erDiagram',
    `  accTitle: ${mermaidText(input.title)}`,
    `  accDescr: ${mermaidText(description === '' ? input.title : description)}`,
    `  direction ${drawing.layout.direction}`,
    ...drawing.entities.flatMap((entity) => entity.lines),
    ...drawing.relations.map(
      ({ to, from, arrow, sign, label }) =>
        `  ${aliases.get(to) ?? ''} ${arrow} ${aliases.get(from) ?? ''} : "${sign}${mermaidText(label)}"`,
    ),
    ...Object.entries(classes)
      .filter(([mark]) => used.has(mark as ChangeMark))
      .map(([mark, style]) => `  classDef ${mark} ${style}`),
    '',
  ].join('\n');
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function omittedWords(drawing: Drawing, levels: Levels, left: number, input: DiagramInput, catalogue: Catalogue): string {
  const focus = input.focus === undefined ? undefined : new Set(input.focus);
  const subjects = drawing.entities.filter((entity) => focus === undefined || focus.has(entity.table.id));
  const hidden = subjects.reduce((total, entity) => total + entity.hidden, 0);
  const drawn = new Set(drawing.entities.map((entity) => entity.table.id));
  const cut = focus === undefined ? catalogue.edges.filter((edge) => drawn.has(edge.from) !== drawn.has(edge.to)).length : 0;
  const marked = input.marks === undefined ? 'columns of keys and references' : 'columns of keys, of references and of changes';
  return [
    hidden === 0
      ? ''
      : levels.focus === 'names'
        ? 'Only names of tables are shown.'
        : `Only ${marked} are shown; ${count(hidden, 'other column')} left out.`,
    levels.focus === 'bare keys' ? 'NOT NULL and partition keys are not shown.' : '',
    left === 0 ? '' : `${count(left, 'table')} left out for lack of room.`,
    cut === 0 ? '' : `${count(cut, 'reference')} to or from tables that are not shown.`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

const allLevels: readonly Levels[] = [
  { focus: 'columns', others: 'names' },
  { focus: 'keys', others: 'names' },
  { focus: 'bare keys', others: 'names' },
  { focus: 'names', others: 'names' },
];

/**
 * Draws tables and the references among them with as much detail as can be read, and says what was
 * left out. The text parses with Mermaid 11.12 and 12 and is shorter than `maximumLength`.
 */
export function drawDiagram(input: DiagramInput): Diagram {
  const catalogue = catalogueOf(input.document.nodes);
  const wanted = input.tables === undefined ? undefined : new Set(input.tables);
  let tables = catalogue.tables.filter((table) => wanted === undefined || wanted.has(table.id));
  const subjects = input.focus?.length ?? tables.length;
  const all = tables.length;
  for (;;) {
    for (const levels of allLevels) {
      const isLast = levels.focus === 'names';
      if (levels.focus === 'columns' && subjects > manyTables) continue;
      const drawing = draw(tables, levels, input, catalogue);
      if (!isLast && textSize(drawing.layout) < readableText) continue;
      const omitted = omittedWords(drawing, levels, all - tables.length, input, catalogue);
      const text = textOf(drawing, input, omitted);
      if (text.length < safeLength || tables.length === 0) return { text, omitted, layout: drawing.layout };
    }
    tables = tables.slice(0, Math.floor(tables.length * 0.8));
  }
}

/** The diagram's text alone. */
export function erDiagram(input: DiagramInput): string {
  return drawDiagram(input).text;
}
