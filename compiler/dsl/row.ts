/**
 * The TypeScript types of a table's rows, derived from its declaration and nothing else. Values are
 * what node-postgres gives with its default parsers: bigint and numeric as string, dates and
 * timestamps as Date, json and jsonb parsed, bytea as bytes, interval as an object of its fields.
 */
import type { InsertOf, NullableOf, ValueOf } from './column.ts';
import type { SelfName, SelfValue } from './references.ts';

interface WithColumns {
  readonly columns: object;
}

type Held<Columns, Name extends keyof Columns> = [ValueOf<Columns[Name]>] extends [SelfValue<string>]
  ? SelfName<ValueOf<Columns[Name]>> extends infer Target
    ? Target extends keyof Columns
      ? ValueOf<Columns[Target]>
      : never
    : never
  : ValueOf<Columns[Name]>;

type WithNull<Columns, Name extends keyof Columns> = Held<Columns, Name> | (true extends NullableOf<Columns[Name]> ? null : never);

type NamesWith<Columns, Rule> = {
  [Name in keyof Columns]: InsertOf<Columns[Name]> extends Rule ? Name : never;
}[keyof Columns];

/** A row as a SELECT returns it. */
export type Row<Relation extends WithColumns> = {
  [Name in keyof Relation['columns']]: WithNull<Relation['columns'], Name>;
};

/** A row as an INSERT takes it: what has a default may be left out, what is generated must be. */
export type NewRow<Relation extends WithColumns> = {
  [Name in NamesWith<Relation['columns'], 'required'>]: WithNull<Relation['columns'], Name>;
} & {
  [Name in NamesWith<Relation['columns'], 'optional'>]?: WithNull<Relation['columns'], Name>;
};
