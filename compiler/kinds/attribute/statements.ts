/**
 * How an attribute of a composite type is added, dropped, renamed and altered (manual: ALTER TYPE).
 * Columns that hold values of the type keep them: a new attribute reads as null, a dropped one is
 * gone. Another type for an attribute is refused by PostgreSQL (0A000) while a column uses the type.
 */
import { pathText, type Address } from '../../model/address.ts';
import { fail } from '../../model/diagnostic.ts';
import { partsOf } from '../../model/object.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { qualifiedName, quoteName } from '../../sql/quote.ts';
import type { AttributeRules, PlanContext } from '../contract.ts';
import { hazard } from '../statements.ts';
import { holdersOf, namedHolders } from '../type-users.ts';
import type { Attribute } from './object.ts';

function typeClause({ attributes: { type, collation } }: Attribute): string {
  return `${type}${collation === undefined ? '' : ` COLLATE ${collation}`}`;
}

function alterType(attribute: Attribute, action: string): string {
  return `ALTER TYPE ${qualifiedName(attribute.path.slice(0, 2))} ${action}`;
}

function ownerOf(attribute: Attribute): Address {
  if (attribute.partOf === undefined) throw new Error(`'${attribute.id}' belongs to no type`);
  return attribute.partOf;
}

function nameOf(attribute: Attribute): string {
  return quoteName(attribute.path[2] ?? '');
}

function position(attribute: { readonly facts?: Attribute['facts'] }): number {
  return Number(attribute.facts?.['position'] ?? 0);
}

/** Columns whose values read otherwise when the type has an attribute more or less. */
function recomputed(attribute: Attribute, context: PlanContext): readonly Address[] {
  return holdersOf(ownerOf(attribute), context.before).map(({ id }) => id);
}

export function createAttribute(attribute: Attribute, context: PlanContext): readonly Statement[] {
  const owner = ownerOf(attribute);
  const clause = `${nameOf(attribute)} ${typeClause(attribute)}`;
  const isNew = context.isNew(owner);
  // One after another in their order: PostgreSQL appends. And what uses the type comes when it has them all.
  const earlier = partsOf(context.after, owner).filter((part) => context.isNew(part.id) && position(part) < position(attribute));
  return [
    statement({
      sql: alterType(attribute, `ADD ATTRIBUTE ${clause}`),
      purpose: `Add attribute ${attribute.path[2]} to composite type ${pathText(attribute.path.slice(0, 2))}.`,
      subject: attribute.id,
      needs: isNew ? attribute.dependsOn : [...attribute.dependsOn.filter((id) => id !== owner), ...earlier.map(({ id }) => id)],
      makes: isNew ? [attribute.id] : [attribute.id, owner],
      probe: `present ${attribute.id}`,
      reverse: alterType(attribute, `DROP ATTRIBUTE ${nameOf(attribute)}`),
      ...(isNew ? { fold: { into: owner, clause, order: position(attribute) } } : { recomputes: recomputed(attribute, context) }),
    }),
  ];
}

export function dropAttribute(attribute: Attribute, context: PlanContext): readonly Statement[] {
  const holders = holdersOf(ownerOf(attribute), context.before);
  const comesBack = context.after.has(attribute.id);
  return [
    statement({
      sql: alterType(attribute, `DROP ATTRIBUTE ${nameOf(attribute)}`),
      purpose: `Drop attribute ${attribute.path[2]} of composite type ${pathText(attribute.path.slice(0, 2))}.`,
      subject: attribute.id,
      destroys: [attribute.id],
      hazards: [
        ...(holders.length === 0 ? [] : [hazard('data-loss', attribute.id, `what ${namedHolders(holders)} holds in it is gone`)]),
        ...(comesBack
          ? []
          : [hazard('application-order', attribute.id, 'no running version of the application may use the attribute any more')]),
      ],
      probe: `absent ${attribute.id}`,
      recomputes: holders.map(({ id }) => id),
      phase: comesBack ? 'expand' : 'contract',
    }),
  ];
}

function alterAttribute(before: Attribute, after: Attribute, context: PlanContext): readonly Statement[] {
  const type = pathText(after.path.slice(0, 2));
  const holders = holdersOf(ownerOf(before), context.before);
  if (holders.length > 0) {
    fail(
      'attribute-type-changed',
      `PostgreSQL cannot change attribute ${after.path[2]} of composite type ${type} from ${typeClause(before)} to ${typeClause(after)}: ${namedHolders(holders)} holds values of the type`,
      {
        subject: after.id,
        hint: 'add an attribute of the new type under another name, or declare a new composite type and change the columns to it with using',
      },
    );
  }
  return [
    statement({
      sql: alterType(after, `ALTER ATTRIBUTE ${nameOf(after)} TYPE ${typeClause(after)}`),
      purpose: `Change the type of attribute ${after.path[2]} of composite type ${type} from ${typeClause(before)} to ${typeClause(after)}.`,
      subject: after.id,
      needs: after.dependsOn.filter((id) => id !== ownerOf(after)),
      makes: [after.id, ownerOf(after)],
      destroys: [after.id],
      reverse: alterType(before, `ALTER ATTRIBUTE ${nameOf(before)} TYPE ${typeClause(before)}`),
    }),
  ];
}

export const attributeRules: AttributeRules<Attribute> = {
  type: { statements: alterAttribute, rebuilds: ['view', 'materialized-view', 'function'] },
  collation: {
    statements: (before, after, context) =>
      before.attributes.type === after.attributes.type ? alterAttribute(before, after, context) : [],
    rebuilds: ['view', 'materialized-view', 'function'],
  },
};

export function renameAttribute(before: Attribute, after: Attribute): readonly Statement[] {
  const [old, now] = [nameOf(before), nameOf(after)];
  return [
    statement({
      sql: alterType(after, `RENAME ATTRIBUTE ${old} TO ${now}`),
      purpose: `Rename attribute ${before.path[2]} of composite type ${pathText(after.path.slice(0, 2))} to ${after.path[2]}.`,
      subject: after.id,
      hazards: [hazard('backward-compatibility', after.id, `running code that names ${before.path[2]} fails from now on`)],
      probe: `present ${after.id}`,
      reverse: alterType(after, `RENAME ATTRIBUTE ${now} TO ${old}`),
    }),
  ];
}
