/**
 * Requirements, decisions, open questions, reviews, queries, groups and soft references: what the
 * design document says beside the objects. Whatever they name must exist.
 */
import { address, matchesAddress, parseAddress } from '../model/address.ts';
import type { Address } from '../model/address.ts';
import type { DeclaredSchema, SoftReference } from '../model/declared.ts';
import { wordOf } from '../dsl/declaration.ts';
import type { Declaration, Origin } from '../dsl/declaration.ts';
import type { BoundColumn } from '../dsl/column.ts';
import type {
  Concern,
  DecisionDeclaration,
  OpenQuestionDeclaration,
  QueryDeclaration,
  RequirementDeclaration,
  ReviewDeclaration,
} from '../dsl/design.ts';
import type { AnyTable } from '../dsl/table.ts';
import type { Group } from '../dsl/words.ts';
import { nearest, reportUnknownColumn, targetTable } from './column-types.ts';
import { composeQuery } from './compose-query.ts';
import type { SchemaContext } from './compose-table.ts';
import { present } from './context.ts';
import { relationPath } from './relation-path.ts';

export type DesignParts = Pick<
  DeclaredSchema,
  'softReferences' | 'groups' | 'requirements' | 'decisions' | 'openQuestions' | 'reviews' | 'queries'
>;

/** Composes everything of the design document. `known` are the addresses of all objects. */
export function composeDesign(declarations: readonly Declaration[], known: ReadonlySet<Address>, context: SchemaContext): DesignParts {
  const of = <Wanted extends Declaration>(word: string): readonly Wanted[] =>
    declarations.filter((each) => wordOf(each) === word) as unknown as readonly Wanted[];
  const queries = of<QueryDeclaration>('query').map((each) => composeQuery(each, context));
  const names = new Set([...known, ...queries.map((each) => address('query', each.name)), ...queries.map((each) => `query ${each.name}`)]);
  const concern = (concerns: readonly Concern[] | undefined, at: Origin, key: string, what: string): readonly Address[] =>
    (concerns ?? []).map((each) => concernAddress(each, names, { at, keys: [key], what }, context));
  for (const word of ['requirement', 'decision', 'open question', 'query', 'group']) claimNames(of(word), word, context);
  return {
    softReferences: composeSoftReferences(of<AnyTable>('table'), context),
    groups: of<Group>('group').map(({ name, doc }) => ({ name, ...present({ doc }) })),
    requirements: of<RequirementDeclaration>('requirement').map(({ name, definition, origin }) => ({
      name,
      text: definition.text,
      metBy: concern(definition.metBy, origin, 'metBy', `requirement "${name}"`),
    })),
    decisions: of<DecisionDeclaration>('decision').map(({ name, definition, origin }) => ({
      name,
      question: definition.question,
      decision: definition.decision,
      because: definition.because,
      alternatives: definition.alternatives ?? [],
      decidedOn: isoDate(definition.decidedOn, origin, 'decidedOn', `decision "${name}"`, context),
      concerns: concern(definition.concerns, origin, 'concerns', `decision "${name}"`),
    })),
    openQuestions: of<OpenQuestionDeclaration>('open question').map(({ name, definition, origin }) => ({
      name,
      question: definition.question,
      owner: definition.owner,
      blocking: definition.blocking ?? false,
      concerns: concern(definition.concerns, origin, 'concerns', `open question "${name}"`),
    })),
    reviews: of<ReviewDeclaration>('review').map(({ definition, origin }) => ({
      reviewer: definition.reviewer,
      on: isoDate(definition.on, origin, 'on', `the review by ${definition.reviewer}`, context),
      verdict: definition.verdict,
      concerns: concern(definition.concerns, origin, 'concerns', `the review by ${definition.reviewer}`),
      ...present({ note: definition.note, fingerprint: definition.fingerprint }),
    })),
    queries,
  };
}

function claimNames(declared: readonly Declaration[], word: string, context: SchemaContext): void {
  for (const each of declared as readonly (Declaration & { readonly name: string })[]) {
    const what = `${word} "${each.name}"`;
    if (context.designNames.has(what)) {
      context.report({ code: 'duplicate-name', message: `there are two of ${what}`, hint: 'rename one of them', at: each.origin });
    }
    context.designNames.add(what);
  }
}

interface ConcernPlace {
  readonly at: Origin;
  readonly keys: readonly string[];
  readonly what: string;
}

/** The address of a concern; one that names nothing is a mistake. Patterns with `*` must match something. */
export function concernAddress(concern: Concern, known: ReadonlySet<Address>, place: ConcernPlace, context: SchemaContext): Address {
  const value = typeof concern === 'function' ? concern() : concern;
  if (typeof value !== 'string') {
    const id = wordOf(value) === 'query' ? `query ${(value as QueryDeclaration).name}` : context.addressOf.get(value);
    if (id === undefined) reportUnknownConcern('something that no file of the schema exports', undefined, place, context);
    return id ?? 'unknown unknown';
  }
  const exists = value.includes('*') ? [...known].some((each) => matchesAddress(value, each)) : known.has(value);
  if (!exists) {
    const hint =
      parseAddress(value) === undefined
        ? 'an address is a kind and a path, such as `table public.digests` or `query latest_digests`'
        : undefined;
    reportUnknownConcern(`\`${value}\`, which does not exist`, hint ?? didYouMean(value, known), place, context);
  }
  return value;
}

function didYouMean(value: string, known: ReadonlySet<Address>): string {
  const near = nearest(
    value,
    [...known].filter((each) => each.split(' ')[0] === value.split(' ')[0]),
  );
  return near === undefined ? 'name something that is declared' : `did you mean \`${near}\`?`;
}

function reportUnknownConcern(what: string, hint: string | undefined, place: ConcernPlace, context: SchemaContext): void {
  context.report({
    code: 'unknown-address',
    message: `${place.what} names ${what}`,
    hint: hint ?? 'export it, or take it out',
    at: place.at,
    keys: place.keys,
  });
}

function isoDate(text: string, at: Origin, key: string, what: string, context: SchemaContext): string {
  const valid = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);
  if (!valid) {
    context.report({
      code: 'invalid-date',
      message: `${what} has the date ${JSON.stringify(text)}`,
      hint: "write an ISO date: '2026-03-31'",
      at,
      keys: [key],
    });
  }
  return text;
}

function composeSoftReferences(tables: readonly AnyTable[], context: SchemaContext): readonly SoftReference[] {
  return tables.flatMap((table) => [
    ...table.columnList.flatMap((column) => columnSoftReference(table, column, context)),
    ...(table.definition.softReferences ?? []).flatMap((written) => {
      const where = { at: table.origin, keys: ['softReferences'] };
      const what = `a soft reference of table "${table.name}"`;
      const target = targetTable(written.references, context, { ...where, what });
      if (target === undefined) return [];
      for (const name of written.columns) if (table.columns[name] === undefined) reportUnknownColumn(name, table, what, where, context);
      for (const name of written.to) if (target.columns[name] === undefined) reportUnknownColumn(name, target, what, where, context);
      return [softReference(table, written.columns, target, written.to, written.doc)];
    }),
  ]);
}

function columnSoftReference(table: AnyTable, column: BoundColumn, context: SchemaContext): readonly SoftReference[] {
  if (column.type?.form !== 'soft reference') return [];
  // What is wrong with the target was reported when the column's type was resolved.
  const quiet = { ...context, report: () => undefined };
  const target = targetTable(column.type.target, quiet, { at: table.origin, what: '' });
  const { reference } = column.options as { readonly reference?: { readonly doc?: string } };
  return target === undefined ? [] : [softReference(table, [column.name], target, [column.type.column], reference?.doc)];
}

function softReference(
  from: AnyTable,
  fromColumns: readonly string[],
  to: AnyTable,
  toColumns: readonly string[],
  doc: string | undefined,
): SoftReference {
  const path = relationPath(from);
  return {
    id: address('soft-reference', ...path, fromColumns.join('_')),
    from: address('table', ...path),
    fromColumns,
    to: address('table', ...relationPath(to)),
    toColumns,
    ...present({ doc }),
  };
}
