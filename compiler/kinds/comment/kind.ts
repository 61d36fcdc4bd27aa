/**
 * All that the compiler knows of comments (pg_description; manual: COMMENT). What COMMENT ON calls
 * each kind is data here, so that no kind has to know about comments.
 */
import { address, parseAddress, pathText, type Address } from '../../model/address.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { qualifiedName, quoteName, quoteText } from '../../sql/quote.ts';
import { numberOf, optionalText, textOf } from '../catalog.ts';
import type { CatalogRow, IntrospectionContext, Kind } from '../contract.ts';
import { signedName } from '../signed-name.ts';
import { lock } from '../statements.ts';
import { textTargets } from '../text-targets.ts';
import { commentAuthor } from './author.ts';
import type { Comment } from './object.ts';

type Spelling = (path: readonly string[]) => string;

const plain =
  (words: string): Spelling =>
  (path) =>
    `${words} ${qualifiedName(path)}`;

const routine =
  (words: string): Spelling =>
  (path) =>
    `${words} ${signedName(path)}`;

const constraint: Spelling = (path) => `CONSTRAINT ${quoteName(path[2] ?? '')} ON ${qualifiedName(path.slice(0, 2))}`;

const spellings: { readonly [kind: string]: Spelling } = {
  ...textTargets,
  schema: plain('SCHEMA'),
  extension: plain('EXTENSION'),
  enum: plain('TYPE'),
  domain: plain('DOMAIN'),
  composite: plain('TYPE'),
  attribute: plain('COLUMN'),
  range: plain('TYPE'),
  multirange: plain('TYPE'),
  sequence: plain('SEQUENCE'),
  table: plain('TABLE'),
  partition: plain('TABLE'),
  column: plain('COLUMN'),
  index: plain('INDEX'),
  statistics: plain('STATISTICS'),
  view: plain('VIEW'),
  'materialized-view': plain('MATERIALIZED VIEW'),
  publication: plain('PUBLICATION'),
  'primary-key': constraint,
  unique: constraint,
  check: constraint,
  'foreign-key': constraint,
  exclusion: constraint,
  // The index of a key, which can have a comment beside the constraint's.
  'index-of': ([schema = '', , name = '']) => `INDEX ${qualifiedName([schema, name])}`,
  policy: (path) => `POLICY ${quoteName(path[2] ?? '')} ON ${qualifiedName(path.slice(0, 2))}`,
  function: routine('FUNCTION'),
  procedure: routine('PROCEDURE'),
  trigger: (path) => `TRIGGER ${quoteName(path[2] ?? '')} ON ${qualifiedName(path.slice(0, 2))}`,
};

/** Whether a doc of such an object can be a comment: COMMENT ON has no words for what only we know. */
export function hasComment(kind: string): boolean {
  return spellings[kind] !== undefined;
}

/** An extension brings its comment, and our own tables have theirs: neither is the schema's to say. */
function isOurOwn(kind: string): boolean {
  return kind === 'extension' || spellings[kind] === undefined;
}

function target(comment: Comment): { readonly kind: string; readonly path: readonly string[] } {
  const parsed = parseAddress(comment.attributes.on);
  if (parsed === undefined) throw new Error(`a comment on '${comment.attributes.on}', which is no address`);
  return parsed;
}

function relationOf(comment: Comment): readonly string[] {
  const { kind, path } = target(comment);
  if (kind === 'index-of') return [];
  if (comment.partOf !== undefined && comment.partOf !== comment.attributes.on) return [comment.partOf];
  return ['table', 'column', 'view', 'materialized-view', 'partition'].includes(kind)
    ? [`${kind === 'column' ? 'table' : kind} ${pathText(path.slice(0, 2))}`]
    : [];
}

function set(comment: Comment, text: string | undefined): Statement {
  const { kind, path } = target(comment);
  const spelling = spellings[kind];
  if (spelling === undefined) throw new Error(`COMMENT ON has no words for the kind '${kind}'; add them in kinds/comment`);
  return statement({
    sql: `COMMENT ON ${spelling(path)} IS ${text === undefined ? 'NULL' : quoteText(text)}`,
    // The statement says it all.
    purpose: '',
    subject: comment.id,
    needs: text === undefined ? [] : [comment.attributes.on, ...(comment.partOf === undefined ? [] : [comment.partOf])],
    ...(text === undefined ? { destroys: [comment.id] } : { makes: [comment.id] }),
    locks: lock('ShareUpdateExclusiveLock', ...relationOf(comment)),
  });
}

/** A view's columns are no objects, and a key's index is none: a comment on one goes with the view, or the key. */
function subjectOf(row: CatalogRow, context: IntrospectionContext): { readonly on: Address; readonly owner: Address } | undefined {
  const entry = { catalog: textOf(row, 'catalog'), oid: numberOf(row, 'oid') };
  const on = context.resolveOwn({ ...entry, sub: numberOf(row, 'sub') });
  if (on !== undefined) return { on, owner: on };
  const key = entry.catalog === 'pg_class' ? parseAddress(context.resolve(entry) ?? '') : undefined;
  if (key !== undefined && hasIndex(key.kind)) return { on: address('index-of', ...key.path), owner: address(key.kind, ...key.path) };
  const [owner, column] = [context.resolveOwn(entry), optionalText(row, 'column')];
  const relation = owner === undefined ? undefined : parseAddress(owner);
  if (owner === undefined || relation === undefined || column === undefined || !isView(relation.kind)) return undefined;
  return { on: address('column', ...relation.path, column), owner };
}

function hasIndex(kind: string): boolean {
  return kind === 'primary-key' || kind === 'unique' || kind === 'exclusion';
}

function isView(kind: string): boolean {
  return kind === 'view' || kind === 'materialized-view' || kind === 'foreign-table';
}

export const commentKind: Kind<Comment> = {
  kind: 'comment',
  stake: () => 'words',
  introspect: {
    query: () => `
      SELECT d.classoid::regclass::text AS catalog, d.objoid::int8 AS oid, d.objsubid AS sub, a.attname AS column, d.description AS text
      FROM pg_description d
      LEFT JOIN pg_attribute a ON d.classoid = 'pg_class'::regclass AND d.objsubid > 0 AND a.attrelid = d.objoid AND a.attnum = d.objsubid
      WHERE d.objoid >= 16384 OR (d.classoid = 'pg_namespace'::regclass AND d.objoid = 'public'::regnamespace)`,
    read: (row, context) => {
      const subject = subjectOf(row, context);
      const parsed = subject === undefined ? undefined : parseAddress(subject.on);
      if (subject === undefined || parsed === undefined || isOurOwn(parsed.kind)) return undefined;
      const { on, owner } = subject;
      return {
        object: { kind: 'comment', id: `comment ${on}`, path: parsed.path, partOf: owner, attributes: { on, text: textOf(row, 'text') } },
        // It has no oid: what it is on stands for it, so that one that nobody read can be told.
        identities: [{ catalog: `pg_description of ${textOf(row, 'catalog')}`, oid: numberOf(row, 'oid'), sub: numberOf(row, 'sub') }],
      };
    },
  },
  create: (comment) => [set(comment, comment.attributes.text)],
  drop: (comment) => [set(comment, undefined)],
  alter: {
    on: { statements: 'replace' },
    text: { statements: (_before, after) => [set(after, after.attributes.text)] },
  },
  describe: () => [],
  author: commentAuthor,
};
