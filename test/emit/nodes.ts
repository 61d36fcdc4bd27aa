/**
 * Document nodes written by hand for the emitters' tests: short makers with sensible defaults, so
 * that a fixture reads like the table that it describes.
 */
import { address, type Address } from '../../compiler/model/address.ts';
import type {
  ColumnNode,
  DesignDocument,
  DocumentNode,
  EdgeNode,
  EnumerationNode,
  KeyNode,
  NoteNode,
  TableNode,
} from '../../compiler/model/document.ts';

export function tableId(name: string, schema = 'public'): Address {
  return address('table', schema, name);
}

export function table(name: string, more: Partial<TableNode> = {}): TableNode {
  const schema = more.schema ?? 'public';
  return { node: 'table', id: tableId(name, schema), form: 'table', schema, name, ...more };
}

export function column(of: TableNode, name: string, type: string, more: Partial<ColumnNode> = {}): ColumnNode {
  return { node: 'column', id: address('column', of.schema, of.name, name), table: of.id, name, type, nullable: false, ...more };
}

export function key(of: TableNode, form: KeyNode['form'], name: string, columns: readonly string[], more: Partial<KeyNode> = {}): KeyNode {
  return {
    node: 'key',
    id: address(form === 'primary key' ? 'primary-key' : 'index', of.schema, name),
    table: of.id,
    name,
    form,
    method: 'btree',
    on: columns.map((item) => (/^\w+$/.test(item) ? { column: item, text: item } : { text: item })),
    include: [],
    definition: `${form.toUpperCase()} (${columns.join(', ')})`,
    ...more,
  };
}

export function edge(
  from: TableNode,
  columns: readonly string[],
  to: TableNode,
  toColumns: readonly string[],
  more: Partial<EdgeNode> = {},
): EdgeNode {
  const name = `${from.name}_${columns.join('_')}_fkey`;
  return {
    node: 'edge',
    id: address('foreign-key', from.schema, from.name, name),
    form: 'foreign key',
    name,
    from: from.id,
    fromColumns: columns,
    to: to.id,
    toColumns,
    cardinality: 'many',
    optional: false,
    ...more,
  };
}

export function enumeration(name: string, values: readonly string[], more: Partial<EnumerationNode> = {}): EnumerationNode {
  return { node: 'enumeration', id: address('enum', 'public', name), form: 'enum', schema: 'public', name, values, ...more };
}

export function check(of: TableNode, name: string, definition: string, doc?: string): NoteNode {
  const id = address('check', of.schema, of.name, name);
  return { node: 'note', id, table: of.id, title: 'check', name, definition, ...(doc === undefined ? {} : { doc }) };
}

export function designOf(nodes: readonly DocumentNode[], more: Partial<DesignDocument> = {}): DesignDocument {
  return {
    title: 'Test design',
    purpose: 'Shows what the emitters do.',
    nodes,
    groups: [],
    requirements: [],
    decisions: [],
    openQuestions: [],
    reviews: [],
    queries: [],
    retention: [],
    ...more,
  };
}

/** `count` tables that all reference the first one. */
export function hub(count: number): readonly DocumentNode[] {
  const users = table('users');
  const spokes = Array.from({ length: count - 1 }, (_none, position) => table(`spoke_${String(position + 1).padStart(3, '0')}`));
  return [
    users,
    column(users, 'id', 'bigint'),
    key(users, 'primary key', 'users_pkey', ['id']),
    ...spokes.flatMap((spoke) => [
      spoke,
      column(spoke, 'id', 'bigint'),
      column(spoke, 'user_id', 'bigint'),
      column(spoke, 'payload', 'text', { nullable: true }),
      key(spoke, 'primary key', `${spoke.name}_pkey`, ['id']),
      edge(spoke, ['user_id'], users, ['id']),
    ]),
  ];
}

/** `count` tables, each referencing the one before: as deep as it is long. */
export function chain(count: number, group?: (position: number) => string): readonly DocumentNode[] {
  const tables = Array.from({ length: count }, (_none, position) =>
    table(`link_${String(position).padStart(4, '0')}`, group === undefined ? {} : { group: group(position) }),
  );
  return tables.flatMap((link, position): DocumentNode[] => {
    const before = tables[position - 1];
    const own = [link, column(link, 'id', 'bigint'), key(link, 'primary key', `${link.name}_pkey`, ['id'])];
    return before === undefined ? own : [...own, column(link, 'before_id', 'bigint'), edge(link, ['before_id'], before, ['id'])];
  });
}

/** Tables that reference one another in a ring, and one that references itself. */
export function ring(count: number): readonly DocumentNode[] {
  const tables = Array.from({ length: count }, (_none, position) => table(`ring_${position}`));
  return tables.flatMap((link, position): DocumentNode[] => {
    const next = tables[(position + 1) % count] ?? link;
    return [
      link,
      column(link, 'id', 'bigint'),
      column(link, 'next_id', 'bigint', { nullable: true }),
      column(link, 'parent_id', 'bigint', { nullable: true }),
      key(link, 'primary key', `${link.name}_pkey`, ['id']),
      edge(link, ['next_id'], next, ['id'], { optional: true }),
      edge(link, ['parent_id'], link, ['id'], { optional: true }),
    ];
  });
}
