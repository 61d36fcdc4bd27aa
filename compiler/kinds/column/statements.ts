/** How a column is made, dropped, renamed and altered (manual: ALTER TABLE; rule book C, T, D, N, ID). */
import { address, pathText, type Address } from '../../model/address.ts';
import { fail } from '../../model/diagnostic.ts';
import { sameJson, sourceOf } from '../../model/object.ts';
import { statement, type Hazard, type Statement } from '../../model/statement.ts';
import { qualifiedName, quoteName } from '../../sql/quote.ts';
import type { AttributeRules, PlanContext } from '../contract.ts';
import { becomesInherited } from '../inheritance.ts';
import { renameIdentitySequence } from '../identity-sequence.ts';
import { hazard, isPartitioned, isSmall, lock, tableOf } from '../statements.ts';
import { backfillColumn } from './backfill.ts';
import { alterColumn, alterTable, identityChanges, identityClause, withTypeOf } from './clause.ts';
import { setCompression } from './compression.ts';
import { addNotNullForm, alterNotNullForm, notNullMark, setNotNull } from './not-null.ts';
import { exchangeRule, indexesOn } from './exchange-rule.ts';
import { dropNotNull, fillAndRefuse, letBeLeftOut } from './old-code.ts';
import type { Column } from './object.ts';
import { dropFormer } from './rename-beside.ts';
import { setOptions, setStatistics } from './statistics.ts';
import { setStorage } from './storage.ts';
import { castBetween, rewritesHeap } from './type-change.ts';

/** A generated column that gives way to a change of what it is computed from comes back with the same values. */
export function dropColumn(column: Column, context: PlanContext): readonly Statement[] {
  if (becomesInherited(column, context)) return [];
  const former = dropFormer(column, context);
  if (former !== undefined) return former;
  const generated = column.attributes.generated !== undefined;
  const comesBack = context.after.has(column.id);
  return [
    ...(comesBack ? [] : letBeLeftOut(column, context)),
    statement({
      sql: `${alterTable(column)} DROP COLUMN ${quoteName(column.path[2] ?? '')}`,
      purpose: `Drop column ${column.path[2]} of ${pathText(column.path.slice(0, 2))}${comesBack ? ', to be made again' : ''}.`,
      subject: column.id,
      destroys: [column.id],
      locks: lock('AccessExclusiveLock', tableOf(column)),
      hazards: [
        ...(generated ? [] : [hazard('data-loss', column.id, 'the values of the column are gone')]),
        ...(comesBack ? [] : [hazard('application-order', column.id, 'no running version of the application may use the column any more')]),
      ],
      probe: `absent ${column.id}`,
      phase: comesBack ? 'expand' : 'contract',
    }),
  ];
}

/** Tables at the other end of foreign keys on the column: they are locked as well, whatever the type (rule book T12, T13). */
function tablesAcross(column: Column, context: PlanContext): readonly Address[] {
  const name = column.path[2] ?? '';
  const table = tableOf(column);
  const tables = [...context.before.values()].flatMap((object) => {
    if (!('references' in object.attributes) || object.partOf === undefined) return [];
    const { columns, references, referencedColumns } = object.attributes as {
      columns: string[];
      references: Address;
      referencedColumns: string[];
    };
    if (object.partOf === table && columns.includes(name)) return [references];
    return references === table && referencedColumns.includes(name) ? [object.partOf] : [];
  });
  return [...new Set(tables)].filter((id) => id !== table);
}

/**
 * On a plain table an index on a column outlives a change of type that rewrites nothing; on a
 * partitioned one PostgreSQL builds that of every partition again, without a word (rule book T2).
 */
function rebuiltIndexes(column: Column, context: PlanContext): readonly Hazard[] {
  const table = tableOf(column);
  if (!isPartitioned(table, context) || isSmall(table, context)) return [];
  return indexesOn(column, context).map(({ id }) =>
    hazard('hidden-index-rebuild', id, 'the index of every partition is built again while nobody can use the table'),
  );
}

/** The same type by name is another one: nothing else would bring a column here. */
function hasRemadeType(before: Column, after: Column): boolean {
  return before.attributes.type === after.attributes.type && before.attributes.collation === after.attributes.collation;
}

/** A type that was made anew under its name needs a cast as well. */
function assumedCast(before: Column, after: Column, context: PlanContext): string | undefined {
  if (!hasRemadeType(before, after) && (context.rows !== 'assumed' || before.attributes.type === after.attributes.type)) return undefined;
  return castBetween(before.attributes.type, after.attributes.type)?.(quoteName(after.path[2] ?? ''));
}

function alterType(before: Column, after: Column, context: PlanContext): readonly Statement[] {
  const table = tableOf(after);
  const across = tablesAcross(after, context);
  const { type, collation } = after.attributes;
  const isRemade = hasRemadeType(before, after);
  const rewrites = rewritesHeap(before.attributes.type, type);
  const using = context.annotation(after.id).using ?? assumedCast(before, after, context);
  const action = `TYPE ${type}${collation === undefined ? '' : ` COLLATE ${collation}`}${using === undefined ? '' : ` USING ${using}`}`;
  return [
    statement({
      sql: alterColumn(after, action),
      purpose:
        before.attributes.type === type
          ? `Convert ${pathText(after.path)} to the new ${type}.`
          : `Change the type of ${pathText(after.path)} from ${before.attributes.type} to ${type}.`,
      subject: after.id,
      needs: after.dependsOn,
      makes: [after.id],
      destroys: [after.id],
      locks: lock('AccessExclusiveLock', table, ...across),
      rewrites: rewrites ? [table] : [],
      scans: rewrites ? [table] : [],
      hazards: [
        ...(rewrites && !isSmall(table, context)
          ? [hazard('rewrite', table, 'every row is written again while nobody can use the table')]
          : []),
        ...(using === undefined || isRemade || context.annotation(after.id).using !== undefined
          ? []
          : [hazard('data-dependent', after.id, `fails where a value has no equal in ${type}`)]),
        ...(rewrites || before.attributes.type === type ? [] : rebuiltIndexes(after, context)),
        ...across.map((other) => hazard('locks-other-table', other, 'its foreign key is checked again while nobody can use it')),
      ],
      // A type that was made anew has no way back but another making.
      ...(isRemade ? {} : { reverse: alterColumn(before, `TYPE ${before.attributes.type}`) }),
    }),
    ...(sameJson(before.attributes.identity, after.attributes.identity) ? [] : identityStatements(before, after)),
    statement({
      sql: `ANALYZE ${qualifiedName(after.path.slice(0, 2))} (${quoteName(after.path[2] ?? '')})`,
      purpose: `Gather the statistics of ${pathText(after.path)} again; a change of type discards them.`,
      subject: after.id,
      needs: [after.id],
      step: 'validate',
      locks: lock('ShareUpdateExclusiveLock', table),
    }),
  ];
}

/** Old code may leave the column out: where no default stands in, that is refused only after the deploy. */
function alterNullable(before: Column, after: Column, context: PlanContext): readonly Statement[] {
  if (after.attributes.nullable) return [dropNotNull(before)];
  const fill = context.annotation(after.id).backfill;
  const { notNull } = after.attributes;
  const steps = notNull === undefined ? setNotNull(after, context) : [addNotNullForm(after, notNull)];
  return fillAndRefuse(after, context, fill === undefined ? [] : [backfillColumn(after, fill, [])], steps);
}

/** A new type takes its sequence with it (manual: ALTER SEQUENCE, AS), so what else changes comes after it. */
function alterIdentity(before: Column, after: Column): readonly Statement[] {
  return before.attributes.type === after.attributes.type ? identityStatements(before, after) : [];
}

function identityStatements(before: Column, after: Column): readonly Statement[] {
  const action = identityAction(before, after);
  if (action === undefined) return [];
  const { identity } = after.attributes;
  // A default gives way before an identity comes, and comes after it is gone.
  const swaps = identity === undefined || before.attributes.identity === undefined ? { destroys: [after.id], makes: [after.id] } : {};
  // Its sequence goes too, and the name is free for another one.
  const sequence = identity === undefined ? before.facts?.['sequence'] : undefined;
  const freed = typeof sequence === 'string' ? { destroys: [after.id, address('sequence', before.path[0] ?? '', sequence)] } : {};
  return [
    statement({
      sql: alterColumn(after, action),
      purpose: `Change the identity of ${pathText(after.path)}.`,
      subject: after.id,
      needs: [notNullMark(after.path)],
      ...swaps,
      ...freed,
      locks: lock('AccessExclusiveLock', tableOf(after)),
      hazards: identity === undefined ? [hazard('irreversible', after.id, 'the counter of the identity is gone')] : [],
      ...(identity === undefined ? { phase: 'contract' } : {}),
    }),
  ];
}

function identityAction(before: Column, after: Column): string | undefined {
  const { identity: was } = before.attributes;
  const { identity: now, type } = after.attributes;
  if (now === undefined) return 'DROP IDENTITY';
  if (was === undefined) return `ADD ${identityClause(now, type)}`;
  const actions = identityChanges(withTypeOf(was, before.attributes.type, type), now);
  return actions.length === 0 ? undefined : actions.join(' ');
}

/** SET EXPRESSION is of version 17, and leads neither from a plain column nor from one form to the other. */
function canAlterGenerated(before: Column, after: Column, { major }: Pick<PlanContext, 'major'>): boolean {
  const { generated: now } = after.attributes;
  return now === undefined
    ? before.attributes.generated?.form !== 'virtual'
    : before.attributes.generated?.form === now.form && major >= 17;
}

function alterGenerated(before: Column, after: Column, context: PlanContext): readonly Statement[] {
  const now = after.attributes.generated;
  if (now === undefined) {
    return [
      statement({
        sql: alterColumn(after, 'DROP EXPRESSION'),
        purpose: `Make ${pathText(after.path)} an ordinary column; its values stay.`,
        subject: after.id,
        destroys: [after.id],
        makes: [after.id],
        locks: lock('AccessExclusiveLock', tableOf(after)),
      }),
    ];
  }
  if (!canAlterGenerated(before, after, context)) {
    return fail('generated-column-changed', `PostgreSQL ${context.major} cannot change how ${pathText(after.path)} is generated`, {
      subject: after.id,
      hint: 'declare a new generated column under another name and drop this one',
    });
  }
  const rewrites = now.form === 'stored' ? [tableOf(after)] : [];
  return [
    statement({
      sql: alterColumn(after, `SET EXPRESSION AS (${sourceOf(after, 'generated')?.expression ?? now.expression})`),
      purpose: `Change how ${pathText(after.path)} is generated.`,
      subject: after.id,
      destroys: [after.id],
      makes: [after.id],
      recomputes: [after.id],
      locks: lock('AccessExclusiveLock', tableOf(after)),
      rewrites,
      scans: rewrites,
      hazards: rewrites.map((table) => hazard('rewrite', table, 'every row is written again while nobody can use the table')),
    }),
  ];
}

export const columnRules: AttributeRules<Column> = {
  // PostgreSQL refuses the change under triggers and bodies that name the column (0A000), and under views.
  type: {
    statements: alterType,
    exchange: exchangeRule,
    rebuilds: [
      'view',
      'materialized-view',
      'check',
      'column',
      'statistics',
      'publication-table',
      'policy',
      'trigger',
      'function',
      'procedure',
    ],
    // PostgreSQL converts a default by assignment, or not at all.
    reshapes: (before, after) =>
      castBetween(before.attributes.type, after.attributes.type) === undefined ? undefined : { rebuilds: ['default'] },
  },
  // ALTER TYPE with another collation alone is refused all the same while a view, a policy or a generated column uses the column.
  collation: {
    rebuilds: ['view', 'materialized-view', 'column', 'policy'],
    statements: (before, after, context) => (before.attributes.type === after.attributes.type ? alterType(before, after, context) : []),
  },
  nullable: { statements: alterNullable },
  identity: { statements: alterIdentity },
  generated: {
    statements: alterGenerated,
    replaces: (before, after, context) => context.rows === 'assumed' && !canAlterGenerated(before, after, context),
  },
  storage: {
    statements: (_before, after, context) => [
      setStorage(after, after.attributes.storage ?? (context.major >= 16 ? 'default' : 'extended')),
    ],
    stake: 'speed',
  },
  compression: { statements: (_before, after) => [setCompression(after, after.attributes.compression ?? 'default')], stake: 'speed' },
  statistics: { statements: (_before, after) => [setStatistics(after, after.attributes.statistics)], stake: 'speed' },
  options: {
    statements: (before, after) => setOptions(after, before.attributes.options ?? {}, after.attributes.options ?? {}),
    stake: 'speed',
  },
  notNull: { statements: alterNotNullForm },
};

export function renameColumn(before: Column, after: Column): readonly Statement[] {
  return [
    statement({
      sql: `${alterTable(after)} RENAME COLUMN ${quoteName(before.path[2] ?? '')} TO ${quoteName(after.path[2] ?? '')}`,
      purpose: `Rename column ${before.path[2]} of ${pathText(after.path.slice(0, 2))} to ${after.path[2]}.`,
      subject: after.id,
      locks: lock('AccessExclusiveLock', address('table', ...after.path.slice(0, 2))),
      hazards: [hazard('backward-compatibility', after.id, `running code that names ${before.path[2]} fails from now on`)],
      probe: `present ${after.id}`,
      reverse: `${alterTable(after)} RENAME COLUMN ${quoteName(after.path[2] ?? '')} TO ${quoteName(before.path[2] ?? '')}`,
    }),
    ...renameIdentitySequence(before, after.path),
  ];
}
