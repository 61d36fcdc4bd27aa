/**
 * The document's nodes found by table, in declared order: what every emitter asks first. Pure
 * look-ups over the closed node types; no output format and no kind of object enters here.
 */
import type { Address } from '../model/address.ts';
import type { ColumnNode, DocumentNode, EdgeNode, EnumerationNode, KeyNode, NoteNode, RowNode, TableNode } from '../model/document.ts';

export interface Catalogue {
  readonly tables: readonly TableNode[];
  readonly enumerations: readonly EnumerationNode[];
  readonly edges: readonly EdgeNode[];
  /** Notes that stand with no table. */
  readonly looseNotes: readonly NoteNode[];
  readonly node: (id: Address) => DocumentNode | undefined;
  readonly table: (id: Address) => TableNode | undefined;
  readonly columns: (table: Address) => readonly ColumnNode[];
  readonly keys: (table: Address) => readonly KeyNode[];
  readonly notes: (table: Address) => readonly NoteNode[];
  readonly rows: (table: Address) => readonly RowNode[];
  readonly edgesFrom: (table: Address) => readonly EdgeNode[];
  readonly edgesTo: (table: Address) => readonly EdgeNode[];
  /** The table's own node and all that stands in it. */
  readonly members: (table: Address) => readonly DocumentNode[];
  /** The table that an address stands in: the table itself, or that of a column, key, edge or note. */
  readonly home: (id: Address) => TableNode | undefined;
}

function collect<Item>(items: readonly Item[], keyOf: (item: Item) => Address | undefined): (key: Address) => readonly Item[] {
  const lists = new Map<Address, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [item]);
    else list.push(item);
  }
  return (key) => lists.get(key) ?? [];
}

function homeOf(node: DocumentNode | undefined): Address | undefined {
  switch (node?.node) {
    case 'table':
      return node.id;
    case 'column':
    case 'key':
    case 'note':
    case 'row':
      return node.table;
    case 'edge':
      return node.from;
    default:
      return undefined;
  }
}

const made = new WeakMap<readonly DocumentNode[], Catalogue>();

/**
 * Arranges nodes for look-up, once for each list of them: a page and a diagram for each of a thousand
 * tables ask. Nodes of tables that are not among them are kept, but are nobody's.
 */
export function catalogueOf(nodes: readonly DocumentNode[]): Catalogue {
  const catalogue = made.get(nodes) ?? arrange(nodes);
  made.set(nodes, catalogue);
  return catalogue;
}

function arrange(nodes: readonly DocumentNode[]): Catalogue {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const tables = nodes.filter((node) => node.node === 'table');
  const tableById = new Map(tables.map((table) => [table.id, table]));
  const edges = nodes.filter((node) => node.node === 'edge');
  const notes = nodes.filter((node) => node.node === 'note');
  return {
    tables,
    edges,
    enumerations: nodes.filter((node) => node.node === 'enumeration'),
    looseNotes: notes.filter((note) => note.table === undefined || !tableById.has(note.table)),
    node: (id) => byId.get(id),
    table: (id) => tableById.get(id),
    columns: collect(
      nodes.filter((node) => node.node === 'column'),
      (column) => column.table,
    ),
    keys: collect(
      nodes.filter((node) => node.node === 'key'),
      (key) => key.table,
    ),
    notes: collect(notes, (note) => note.table),
    rows: collect(
      nodes.filter((node) => node.node === 'row'),
      (row) => row.table,
    ),
    edgesFrom: collect(edges, (edge) => edge.from),
    edgesTo: collect(edges, (edge) => edge.to),
    members: collect(nodes, homeOf),
    home: (id) => {
      const home = homeOf(byId.get(id));
      return home === undefined ? undefined : tableById.get(home);
    },
  };
}

/** A table's name as people say it: the schema only where it is not `public`. */
export function tableTitle(table: TableNode): string {
  return table.schema === 'public' ? table.name : `${table.schema}.${table.name}`;
}
