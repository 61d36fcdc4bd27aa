/** One key of an index or exclusion as text: a column, or an expression in parentheses, with its options. */
import type { Address } from '../model/address.ts';
import { qualifiedName, quoteName } from '../sql/quote.ts';
import { isDeclaration, wordOf } from '../dsl/declaration.ts';
import type { IndexKeyInput, KeyInput, KeyOptions } from '../dsl/keys.ts';
import type { Sql } from '../dsl/sql.ts';
import { reportUnknownColumn } from './column-types.ts';
import type { Context } from './context.ts';
import { renderSql } from './render-sql.ts';
import type { SqlPlace } from './render-sql.ts';

interface WithColumnList {
  readonly name: string;
  readonly columnList: readonly { readonly name: string }[];
}

/** A name, qualified or not, and its options in parentheses: `gist_trgm_ops(siglen=32)`. */
const operatorClassForm =
  /^(?:\w+|"(?:[^"]|"")+")(?:\.(?:\w+|"(?:[^"]|"")+"))?(?:\s*\(\s*\w+\s*=\s*[\w.']+(?:\s*,\s*\w+\s*=\s*[\w.']+)*\s*\))?$/;

/** Reports an operator class that is none: it is written into SQL as it stands. */
function checkOperatorClass(input: KeyInput, place: SqlPlace, context: Context): void {
  const { operatorClass } = keyParts(input).options;
  if (operatorClass === undefined || operatorClassForm.test(operatorClass)) return;
  context.report({
    code: 'invalid-operator-class',
    message: `${place.what} has the operator class ${JSON.stringify(operatorClass)}`,
    hint: 'write its name, such as text_pattern_ops, with options in parentheses',
    at: place.at,
    keys: place.keys,
  });
}

/** What a key is on and its options, however it was written. */
export function keyParts(input: KeyInput): { readonly of: string | Sql; readonly options: KeyOptions } {
  return wordOf(input) === 'key' ? (input as IndexKeyInput) : { of: input as string | Sql, options: {} };
}

/** The part that a key has in a computed name: the column, or `expr` as PostgreSQL says. */
export function keyName(input: KeyInput): string {
  const { of } = keyParts(input);
  return typeof of === 'string' ? of : 'expr';
}

/** The column or expression alone, as text, with what it needs. Columns are checked where they are known. */
export function keyExpression(
  input: KeyInput,
  place: SqlPlace,
  columnIds: ReadonlyMap<string, Address>,
  relation: WithColumnList,
  context: Context,
): { readonly text: string; readonly needs: readonly Address[] } {
  const { of } = keyParts(input);
  checkOperatorClass(input, place, context);
  if (typeof of === 'string') {
    const id = columnIds.get(of);
    // A view may have declared no columns at all; then PostgreSQL alone knows them.
    if (id === undefined && columnIds.size > 0) {
      reportUnknownColumn(of, relation as never, place.what, { at: place.at, keys: place.keys }, context);
    }
    return { text: quoteName(of), needs: id === undefined ? [] : [id] };
  }
  if (!isDeclaration(of, 'sql')) return renderSql(of, place, context);
  const { text, needs } = renderSql(of, place, context);
  return { text: `(${text})`, needs };
}

/** A whole key as CREATE INDEX writes it, for exclusions. */
export function keyText(
  input: KeyInput,
  place: SqlPlace,
  columnIds: ReadonlyMap<string, Address>,
  relation: WithColumnList,
  context: Context,
): { readonly text: string; readonly needs: readonly Address[] } {
  const { text, needs } = keyExpression(input, place, columnIds, relation, context);
  const { options } = keyParts(input);
  let full = text;
  if (options.collation !== undefined) full += ` COLLATE ${collationText(options.collation)}`;
  if (options.operatorClass !== undefined) full += ` ${options.operatorClass}`;
  if (options.order === 'descending') full += ' DESC';
  if (options.nulls !== undefined) full += ` NULLS ${options.nulls.toUpperCase()}`;
  return { text: full, needs };
}

/** A collation name as SQL: qualified by the first dot, quoted where it must be. */
export function collationText(collation: string): string {
  const dot = collation.indexOf('.');
  return dot > 0 ? qualifiedName([collation.slice(0, dot), collation.slice(dot + 1)]) : quoteName(collation);
}
