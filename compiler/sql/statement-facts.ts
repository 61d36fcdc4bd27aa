/**
 * What a statement says that it does to rows and names, from PostgreSQL's own parser (libpg-query):
 * which tables it empties or deletes from, whether it renames, which relations and roles it names.
 * What it really does is measured elsewhere; no text is searched for words here.
 */

/** A name as it is written, with or without its schema. */
export type WrittenName = readonly string[];

export interface StatementFacts {
  /** The parser's word for the statement: `UpdateStmt`, `DoStmt`. */
  readonly form: string;
  /** TRUNCATE, or DELETE without a condition. */
  readonly empties: readonly WrittenName[];
  /** DELETE with a condition. */
  readonly deletesFrom: readonly WrittenName[];
  /** Tables whose rows it adds, changes or deletes. */
  readonly writes: readonly WrittenName[];
  /** RENAME or SET SCHEMA: what is gone under one name is there under another. */
  readonly renames: boolean;
  readonly relations: readonly WrittenName[];
  readonly roles: readonly string[];
}

type Node = { readonly [key: string]: unknown };

/** Undefined where the parser, which is that of PostgreSQL 18, does not take it. */
export async function statementFacts(sql: string): Promise<StatementFacts | undefined> {
  const parser = await import('libpg-query');
  await parser.loadModule();
  const parse = (text: string): Node | undefined => {
    try {
      return (parser.parseSync(text) as { readonly stmts?: readonly { readonly stmt: Node }[] }).stmts?.[0]?.stmt;
    } catch {
      // Not of this grammar: what an engine of another major takes, or an expression of a body.
      return undefined;
    }
  };
  const top = parse(sql);
  if (top === undefined) return undefined;
  const form = Object.keys(top)[0] ?? '';
  const inside = form === 'DoStmt' ? bodyQueries(parser.parsePlPgSQLSync, sql).flatMap((query) => parse(query) ?? []) : [];
  const nodes = [top, ...inside].flatMap((node) => [...nodesIn(node)]);
  const commonTables = new Set(nodes.flatMap(([name, node]) => (name === 'CommonTableExpr' ? [String(node['ctename'])] : [])));
  const deletes = nodes.filter(([name]) => name === 'DeleteStmt').map(([, node]) => node);
  // The one relation of an INSERT or ALTER stands there without the parser's word for it.
  const relations = nodes.flatMap(([, node]) => (typeof node['relname'] === 'string' ? [writtenName(node)] : []));
  return {
    form,
    empties: [
      ...nodes.flatMap(([name, node]) => (name === 'TruncateStmt' ? truncated(node) : [])),
      ...deletes.filter((node) => node['whereClause'] === undefined).map(target),
    ],
    deletesFrom: deletes.filter((node) => node['whereClause'] !== undefined).map(target),
    writes: nodes.filter(([name]) => writing.has(name)).map(([, node]) => target(node)),
    renames: nodes.some(([name]) => name === 'RenameStmt' || name === 'AlterObjectSchemaStmt'),
    relations: relations.filter((name) => name.length > 1 || !commonTables.has(name[0] ?? '')),
    roles: [
      ...new Set(nodes.flatMap(([name, node]) => (name === 'RoleSpec' && typeof node['rolename'] === 'string' ? [node['rolename']] : []))),
    ],
  };
}

/** The SQL in a PL/pgSQL body; of what it puts together while it runs nobody can tell before. */
function bodyQueries(parse: (sql: string) => unknown, sql: string): readonly string[] {
  try {
    return [...nodesIn(parse(sql))].flatMap(([, node]) => (typeof node['query'] === 'string' ? [node['query']] : []));
  } catch {
    // Another language than PL/pgSQL.
    return [];
  }
}

/** Every object of a tree with the key that it stands under. */
function* nodesIn(value: unknown, key = ''): Generator<readonly [string, Node]> {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) yield* nodesIn(item, key);
    return;
  }
  yield [key, value as Node];
  for (const [name, child] of Object.entries(value)) yield* nodesIn(child, name);
}

function writtenName(node: Node): WrittenName {
  return [node['schemaname'], node['relname']].flatMap((part) => (typeof part === 'string' ? [part] : []));
}

const writing = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

/** What DELETE names: its relation stands without the node's own word. */
function target(node: Node): WrittenName {
  return writtenName((node['relation'] ?? {}) as Node);
}

function truncated(node: Node): readonly WrittenName[] {
  return ((node['relations'] ?? []) as readonly Node[]).map((each) => writtenName((each['RangeVar'] ?? {}) as Node));
}
