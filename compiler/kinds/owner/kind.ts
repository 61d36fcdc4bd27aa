/**
 * All that the compiler knows of owners (manual §5.8; ALTER … OWNER TO). The statement comes after the
 * grants on the object: privileges of the old owner become the new one's with it.
 */
import { parseAddress, type Address } from '../../model/address.ts';
import { partsOf } from '../../model/object.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { qualifiedName, quoteName } from '../../sql/quote.ts';
import { numberOf, textOf } from '../catalog.ts';
import type { Kind, PlanContext } from '../contract.ts';
import { granteeOf } from '../grantee.ts';
import { formerOwnerMark, homeRole, inWords, noteOn, ownerAddress, ownerMark } from '../ownership.ts';
import { hazard, lock } from '../statements.ts';
import { ownerAuthor } from './author.ts';
import { signedName } from '../signed-name.ts';
import { textTarget, type TextKindName } from '../text-targets.ts';
import type { Owner } from './object.ts';

/** What ALTER calls each kind; a further kind that has an owner is one more line. */
const words: { readonly [kind: string]: string } = {
  table: 'TABLE',
  partition: 'TABLE',
  view: 'VIEW',
  'materialized-view': 'MATERIALIZED VIEW',
  sequence: 'SEQUENCE',
  enum: 'TYPE',
  domain: 'DOMAIN',
  composite: 'TYPE',
  range: 'TYPE',
  publication: 'PUBLICATION',
  statistics: 'STATISTICS',
  function: 'FUNCTION',
  procedure: 'PROCEDURE',
  schema: 'SCHEMA',
};

/** Kinds that are carried as text and have an owner. */
const ownedTexts: ReadonlySet<string> = new Set([
  'aggregate',
  'operator',
  'operator-class',
  'operator-family',
  'collation',
  'conversion',
  'event-trigger',
  'foreign-data-wrapper',
  'foreign-server',
  'foreign-table',
  'language',
  'text-search-configuration',
  'text-search-dictionary',
]);

/** Kinds that are relations, which ALTER locks. */
const relations = new Set(['table', 'partition', 'view', 'materialized-view', 'sequence', 'foreign-table']);

/** `FUNCTION public.total(integer)`; undefined where ALTER … OWNER TO has no words for it. */
function target(on: Address): string | undefined {
  const { kind, path } = parseAddress(on) ?? { kind: '', path: [] };
  if (ownedTexts.has(kind)) return textTarget(kind as TextKindName, path);
  const word = words[kind];
  if (word === undefined) return undefined;
  return `${word} ${kind === 'function' || kind === 'procedure' ? signedName(path) : qualifiedName(path)}`;
}

function subject(owner: Owner): { readonly sql: string; readonly locked: readonly Address[] } {
  const { on } = owner.attributes;
  const named = target(on);
  if (named === undefined) throw new Error(`ALTER … OWNER TO has no words for '${on}'; add its kind in kinds/owner`);
  return { sql: `ALTER ${named}`, locked: relations.has(parseAddress(on)?.kind ?? '') ? [on] : [] };
}

/** `to` and `from` are roles; undefined is the role that runs the migration. */
function changeOwner(owner: Owner, from: string | undefined, to: string | undefined, context: PlanContext): Statement {
  const { on } = owner.attributes;
  const { sql, locked } = subject(owner);
  const role = (name: string | undefined): string => (name === undefined ? 'CURRENT_USER' : quoteName(name));
  // What is made, or made again, belongs to whoever makes it until its privileges are given.
  const isNew = context.isNew(on);
  const grants = isNew && to !== undefined ? partsOf(context.after, on).filter((part) => 'grantee' in part.attributes) : [];
  const marks = isNew || context.isDropped(on) ? { destroys: [], makes: [] } : { destroys: [formerOwnerMark(on)], makes: [ownerMark(on)] };
  return statement({
    sql: `${sql} OWNER TO ${role(to)}`,
    purpose: `Give ${inWords(on)} to ${to ?? 'the role that runs the migration'}.`,
    subject: owner.id,
    needs: [...(to === undefined ? [] : [on]), ...grants.map(({ id }) => id)],
    destroys: [...(to === undefined ? [owner.id] : []), ...marks.destroys],
    makes: [...(to === undefined ? [] : [owner.id]), ...marks.makes],
    locks: lock('AccessExclusiveLock', ...locked),
    hazards: isNew ? [] : [hazard('authorization', owner.id, 'whoever owns it may do anything with it, and nobody else may alter it')],
    reverse: `${sql} OWNER TO ${role(from)}`,
  });
}

/** A sequence that a column owns has its table's owner (ALTER SEQUENCE refuses another). */
const query = `
  WITH owned AS (
    SELECT 'pg_class' AS catalog, c.oid, c.relowner AS role FROM pg_class c
    WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND c.relkind = 'S' AND d.deptype IN ('a', 'i'))
    UNION ALL SELECT 'pg_namespace', oid, nspowner FROM pg_namespace
    UNION ALL SELECT 'pg_proc', oid, proowner FROM pg_proc
    UNION ALL SELECT 'pg_type', oid, typowner FROM pg_type
    UNION ALL SELECT 'pg_publication', oid, pubowner FROM pg_publication
    UNION ALL SELECT 'pg_statistic_ext', oid, stxowner FROM pg_statistic_ext
    UNION ALL SELECT 'pg_operator', oid, oprowner FROM pg_operator
    UNION ALL SELECT 'pg_opclass', oid, opcowner FROM pg_opclass
    UNION ALL SELECT 'pg_opfamily', oid, opfowner FROM pg_opfamily
    UNION ALL SELECT 'pg_collation', oid, collowner FROM pg_collation
    UNION ALL SELECT 'pg_conversion', oid, conowner FROM pg_conversion
    UNION ALL SELECT 'pg_event_trigger', oid, evtowner FROM pg_event_trigger
    UNION ALL SELECT 'pg_foreign_data_wrapper', oid, fdwowner FROM pg_foreign_data_wrapper
    UNION ALL SELECT 'pg_foreign_server', oid, srvowner FROM pg_foreign_server
    UNION ALL SELECT 'pg_language', oid, lanowner FROM pg_language
    UNION ALL SELECT 'pg_ts_config', oid, cfgowner FROM pg_ts_config
    UNION ALL SELECT 'pg_ts_dict', oid, dictowner FROM pg_ts_dict
  )
  SELECT o.catalog, o.oid::int8 AS oid, r.rolname AS role FROM owned o JOIN pg_roles r ON r.oid = o.role
  WHERE o.oid >= 16384 AND o.role <> ${homeRole}`;

export const ownerKind: Kind<Owner> = {
  kind: 'owner',
  introspect: {
    query: () => query,
    read: (row, context) => {
      const on = context.resolveOwn({ catalog: textOf(row, 'catalog'), oid: numberOf(row, 'oid') });
      const parsed = parseAddress(on ?? '');
      if (on === undefined || parsed === undefined || target(on) === undefined) return undefined;
      const attributes = { on, role: textOf(row, 'role') };
      return { object: { kind: 'owner', id: ownerAddress(on), path: parsed.path, partOf: on, attributes }, identities: [] };
    },
  },
  create: (owner, context) => [changeOwner(owner, undefined, owner.attributes.role, context)],
  drop: (owner, context) => [changeOwner(owner, owner.attributes.role, undefined, context)],
  alter: {
    on: { statements: 'replace' },
    role: {
      statements: (before, after, context) => [changeOwner(after, before.attributes.role, after.attributes.role, context)],
    },
  },
  concerns: 'privileges',
  stake: () => 'access',
  roles: (owner) => [owner.attributes.role],
  author: ownerAuthor,
  describe: (owner) => [
    {
      node: 'note',
      id: owner.id,
      topic: 'access',
      title: 'owner',
      ...noteOn(owner.attributes.on, granteeOf(owner.attributes.role)),
      definition: 'owns it and may do everything',
    },
  ],
};
