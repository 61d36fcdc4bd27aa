/**
 * One document as several diagrams: an overview of everything and one diagram a group, each of which
 * can be read. Over 50 tables, groups that nobody declared are made from schemas, and large ones cut.
 */
import type { Address } from '../../model/address.ts';
import type { DesignDocument, TableNode } from '../../model/document.ts';
import { compareText } from '../../model/object.ts';
import { catalogueOf, tableTitle, type Catalogue } from '../catalogue.ts';
import { mermaidText } from '../escape/mermaid.ts';
import { groupFileNames } from '../file-names.ts';
import { diagramSettings, drawDiagram, type Diagram } from './er-diagram.ts';
import { aliasesOf } from './entity.ts';

/** More tables than this are never drawn in one diagram with their columns. */
export const tablesPerDiagram = 50;
/** More tables than this are not even drawn as names: the overview shows groups. */
const namesPerOverview = 200;

export interface Part {
  readonly name: string;
  readonly doc?: string;
  readonly tables: readonly TableNode[];
}

function cut(part: Part): readonly Part[] {
  if (part.tables.length <= tablesPerDiagram) return [part];
  const pieces = Math.ceil(part.tables.length / tablesPerDiagram);
  const size = Math.ceil(part.tables.length / pieces);
  const sorted = [...part.tables].sort((left, right) => compareText(tableTitle(left), tableTitle(right)));
  return Array.from({ length: pieces }, (_none, piece) => ({
    ...part,
    name: `${part.name} ${piece + 1} of ${pieces}`,
    tables: sorted.slice(piece * size, (piece + 1) * size),
  }));
}

/** Names are what parts are told apart by: a group may be called `schema audit` too. */
function distinct(parts: readonly Part[]): readonly Part[] {
  const taken = new Set<string>();
  return parts.map((part) => {
    let name = part.name;
    for (let number = 2; taken.has(name); number += 1) name = `${part.name} (${number})`;
    taken.add(name);
    return { ...part, name };
  });
}

/**
 * The parts that a document is drawn in: its groups; and where all is too much for one diagram, the
 * tables of no group by their schema. None where nothing is grouped and one diagram shows all.
 */
export function partsOf(document: DesignDocument, catalogue: Catalogue): readonly Part[] {
  const isLarge = catalogue.tables.length > tablesPerDiagram;
  const parts = new Map<string, { name: string; doc?: string; tables: TableNode[] }>(
    document.groups.map((group) => [`group ${group.name}`, { ...group, tables: [] }]),
  );
  for (const table of catalogue.tables) {
    if (table.group === undefined && !isLarge) continue;
    const key = table.group === undefined ? `schema ${table.schema}` : `group ${table.group}`;
    const part = parts.get(key) ?? { name: table.group ?? `schema ${table.schema}`, tables: [] };
    part.tables.push(table);
    parts.set(key, part);
  }
  return distinct([...parts.values()].filter((part) => part.tables.length > 0).flatMap(cut));
}

/** The tables of a part and those next to them in the graph. */
export function withNeighbours(ids: ReadonlySet<Address>, catalogue: Catalogue): readonly Address[] {
  const shown = new Set(ids);
  for (const id of ids) {
    for (const edge of catalogue.edgesFrom(id)) shown.add(edge.to);
    for (const edge of catalogue.edgesTo(id)) shown.add(edge.from);
  }
  return [...shown];
}

/** One part with all its columns where they can be read, and the names of the tables next to it. */
export function partDiagram(part: Part, document: DesignDocument, catalogue: Catalogue): Diagram {
  const ids = new Set(part.tables.map((table) => table.id));
  const about = [part.doc ?? '', `The tables of ${part.name}, with the names of those next to them.`];
  return drawDiagram({
    document,
    tables: withNeighbours(ids, catalogue),
    focus: [...ids],
    title: `${document.title}: ${part.name}`,
    description: about.filter((text) => text !== '').join(' '),
  });
}

/** Parts as entities, references between them counted. */
function partsOverview(document: DesignDocument, parts: readonly Part[], catalogue: Catalogue): string {
  const aliases = [
    ...aliasesOf(parts.map((part) => ({ node: 'table', id: part.name, form: 'table', schema: 'public', name: part.name }))).values(),
  ];
  const partOf = new Map(parts.flatMap((part, position) => part.tables.map((table) => [table.id, position] as const)));
  const counts = new Map<string, number>();
  for (const edge of catalogue.edges) {
    const [to, from] = [partOf.get(edge.to), partOf.get(edge.from)];
    if (to === undefined || from === undefined || to === from) continue;
    const line = `  ${aliases[to] ?? ''} ||--o{ ${aliases[from] ?? ''}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return [
    diagramSettings,
    'erDiagram',
    `  accTitle: ${mermaidText(document.title)}`,
    `  accDescr: ${mermaidText(`${catalogue.tables.length} tables in ${parts.length} groups; each group has a diagram of its own. Names of tables are not shown here.`)}`,
    '  direction LR',
    ...parts.map((part, position) => `  ${aliases[position] ?? ''}["${mermaidText(`${part.name} (${part.tables.length} tables)`)}"]`),
    ...[...counts].map(([line, number]) => `${line} : "${number} reference${number === 1 ? '' : 's'}"`),
    '',
  ].join('\n');
}

/** The overview that stands in the design document: every table where that can be drawn, else the groups. */
export function overviewDiagram(document: DesignDocument): Pick<Diagram, 'text' | 'omitted'> {
  const catalogue = catalogueOf(document.nodes);
  if (catalogue.tables.length <= namesPerOverview) {
    const description = `All ${catalogue.tables.length} tables and the references between them.`;
    if (catalogue.tables.length <= tablesPerDiagram) return drawDiagram({ document, title: document.title, description });
    const nodes = document.nodes.filter((node) => node.node === 'table' || node.node === 'edge');
    const drawn = drawDiagram({
      document: { nodes },
      title: document.title,
      description: `${description} Only names are shown; each group has a diagram with keys.`,
    });
    return {
      ...drawn,
      omitted: ['Only names of tables are shown; each group has a diagram with keys.', drawn.omitted]
        .filter((part) => part !== '')
        .join(' '),
    };
  }
  const parts = partsOf(document, catalogue);
  return {
    text: partsOverview(document, parts, catalogue),
    omitted: `${catalogue.tables.length} tables are too many for one diagram: only groups are shown, each group has a diagram of its own.`,
  };
}

/**
 * Every diagram of a document by file name, relative to the output folder: `erd.mmd`, and
 * `erd/<group>.mmd` for each group. Texts begin with a comment that says what is left out.
 */
export function diagrams(document: DesignDocument): ReadonlyMap<string, string> {
  const catalogue = catalogueOf(document.nodes);
  const parts = partsOf(document, catalogue);
  const names = groupFileNames(parts.map((part) => part.name));
  const files = new Map([['erd.mmd', overviewDiagram(document).text]]);
  for (const part of parts) files.set(`erd/${names.get(part.name) ?? ''}.mmd`, partDiagram(part, document, catalogue).text);
  return files;
}
