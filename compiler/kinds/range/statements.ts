/**
 * How a range type is made, dropped and renamed (manual: CREATE TYPE, ALTER TYPE). Nothing of it can
 * be altered but its name, so another definition means another type: refused where columns hold
 * values of it.
 */
import { pathText } from '../../model/address.ts';
import { fail } from '../../model/diagnostic.ts';
import { partsOf, sourceOf, type SchemaObject, type State } from '../../model/object.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { qualifiedName } from '../../sql/quote.ts';
import type { AttributeRules, PlanContext } from '../contract.ts';
import { hazard } from '../statements.ts';
import { holdersOf, namedHolders } from '../type-users.ts';
import type { Range } from './object.ts';

/** Its multirange type, which the same statement makes and drops. */
function multirangeOf(range: Range, state: State): SchemaObject | undefined {
  return partsOf(state, range.id).find((part) => part.kind === 'multirange');
}

function createSql(range: Range, multirange: SchemaObject | undefined): string {
  const { subtype, operatorClass, collation, canonical } = range.attributes;
  const subtypeDiff = sourceOf(range, 'subtypeDiff');
  const options = [
    `SUBTYPE = ${subtype}`,
    ...(operatorClass === undefined ? [] : [`SUBTYPE_OPCLASS = ${operatorClass}`]),
    ...(collation === undefined ? [] : [`COLLATION = ${collation}`]),
    ...(canonical === undefined ? [] : [`CANONICAL = ${canonical}`]),
    ...(subtypeDiff === undefined ? [] : [`SUBTYPE_DIFF = ${subtypeDiff}`]),
    ...(multirange === undefined ? [] : [`MULTIRANGE_TYPE_NAME = ${qualifiedName(multirange.path)}`]),
  ];
  return `CREATE TYPE ${qualifiedName(range.path)} AS RANGE (\n  ${options.join(',\n  ')}\n)`;
}

export function createRange(range: Range, context: PlanContext): readonly Statement[] {
  const multirange = multirangeOf(range, context.after);
  return [
    statement({
      sql: createSql(range, multirange),
      purpose: `Create range type ${pathText(range.path)}.`,
      subject: range.id,
      needs: range.dependsOn,
      makes: [range.id, ...(multirange === undefined ? [] : [multirange.id])],
      probe: `present ${range.id}`,
      reverse: `DROP TYPE ${qualifiedName(range.path)}`,
    }),
  ];
}

export function dropRange(range: Range, context: PlanContext): readonly Statement[] {
  const comesBack = context.after.has(range.id);
  const multirange = multirangeOf(range, context.before);
  const holders = comesBack ? holdersOf(range.id, context.before) : [];
  if (holders.length > 0) {
    fail(
      'type-in-use',
      `PostgreSQL cannot change what range type ${pathText(range.path)} is made of, and ${namedHolders(holders)} holds values of it`,
      {
        subject: range.id,
        hint: 'declare a new range type under another name and change the columns to it with using',
      },
    );
  }
  return [
    statement({
      sql: `DROP TYPE ${qualifiedName(range.path)}`,
      purpose: `Drop range type ${pathText(range.path)}${comesBack ? ', to be made again' : ''}.`,
      subject: range.id,
      destroys: [range.id, ...(multirange === undefined ? [] : [multirange.id])],
      hazards: comesBack ? [] : [hazard('application-order', range.id, 'no running version of the application may use the type any more')],
      probe: `absent ${range.id}`,
      reverse: createSql(range, multirange),
      phase: comesBack ? 'expand' : 'contract',
    }),
  ];
}

export const rangeRules: AttributeRules<Range> = {
  subtype: { statements: 'replace' },
  operatorClass: { statements: 'replace' },
  collation: { statements: 'replace' },
  canonical: { statements: 'replace' },
  subtypeDiff: { statements: 'replace' },
};
