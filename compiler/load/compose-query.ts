/**
 * A declared query: its text, its use, and where each character of the text was written, so that what
 * PostgreSQL refuses is shown at its line and column. Places are worked out when they are asked for.
 */
import type { PlacedQuery } from '../model/declared.ts';
import { millisecondsOf } from '../model/figures.ts';
import type { Place } from '../model/diagnostic.ts';
import { numberParameters } from '../sql/named-parameters.ts';
import type { QueryDeclaration } from '../dsl/design.ts';
import { withoutEnd } from './compose-objects.ts';
import type { SchemaContext } from './compose-table.ts';
import { present } from './context.ts';
import { renderSql, spansOf } from './render-sql.ts';

export function composeQuery(declared: QueryDeclaration, context: SchemaContext): PlacedQuery {
  const { name, definition, origin } = declared;
  const { text } = renderSql(definition.sql, { at: origin, keys: ['sql'], what: `the query "${name}"` }, context);
  const sql = withoutEnd(text);
  const { samples = {}, types = {}, budget = {}, callsPerSecond, purpose } = definition;
  reportUnknownParameters(declared, sql, context);
  reportNoTime(declared, context);
  return {
    name,
    sql,
    purpose,
    use: { samples, types, budget, ...present({ callsPerSecond }) },
    placeAt: (at) => (typeof at === 'number' ? placeInText(declared, at, context) : context.places.of(origin, at)),
    get place() {
      return context.places.of(origin);
    },
  } as PlacedQuery;
}

function reportUnknownParameters({ name, definition, origin }: QueryDeclaration, sql: string, context: SchemaContext): void {
  const known = new Set(numberParameters(sql).names);
  for (const key of ['samples', 'types'] as const) {
    for (const parameter of Object.keys(definition[key] ?? {}).filter((each) => !known.has(each))) {
      context.report({
        code: 'unknown-parameter',
        message: `the query "${name}" has no parameter :${parameter}`,
        hint: known.size === 0 ? 'it has none' : `its parameters are ${[...known].map((each) => `:${each}`).join(', ')}`,
        at: origin,
        keys: [key, parameter],
      });
    }
  }
}

/** The editor knows the form; who runs it without types is told. */
function reportNoTime({ name, definition, origin }: QueryDeclaration, context: SchemaContext): void {
  const { under } = definition.budget ?? {};
  if (under === undefined || millisecondsOf(under) !== undefined) return;
  context.report({
    code: 'invalid-time',
    message: `the budget of the query "${name}" has the time ${JSON.stringify(under)}`,
    hint: "write a number with its unit: under: '10 ms', or '1.5 s'",
    at: origin,
    keys: ['budget', 'under'],
  });
}

/** A character that no template holds, as of a table's name, is placed where the name was interpolated. */
function placeInText({ definition, origin }: QueryDeclaration, offset: number, context: SchemaContext): Place | undefined {
  const span = spansOf(definition.sql, context).findLast(({ start }) => start <= offset);
  if (span === undefined) return context.places.of(origin, 'sql');
  const within = Math.min(offset, span.end) - span.start;
  return context.places.inTemplate(span.template.origin, span.piece, within) ?? context.places.of(origin, 'sql');
}
