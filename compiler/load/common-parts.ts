/** Small pieces that several compositions share: storage parameters, named or listed items, intervals. */
import { address } from '../model/address.ts';
import type { Address } from '../model/address.ts';
import type { StorageParameters } from '../kinds/attribute-types.ts';
import type { Origin } from '../dsl/declaration.ts';
import type { NamedOrListed } from '../dsl/table.ts';
import type { Context } from './context.ts';

/** Values as PostgreSQL keeps them: text. */
export function storage(parameters: { readonly [name: string]: string | number | boolean } | undefined): StorageParameters {
  return Object.fromEntries(Object.entries(parameters ?? {}).map(([name, value]) => [name, String(value)]));
}

/** What being in a schema needs: nothing for `public`, which is always there. */
export function schemaNeeds(schema: string): readonly Address[] {
  return schema === 'public' ? [] : [address('schema', schema)];
}

/** Reports a schema that nobody declared. */
export function checkSchema(schema: string, at: Origin, keys: readonly string[], context: Context): void {
  if (context.schemas.has(schema)) return;
  context.report({
    code: 'unknown-schema',
    message: `the schema "${schema}" is not declared`,
    hint: `declare it: export const ${/^[a-z_]\w*$/i.test(schema) ? schema : 'other'} = schema(${JSON.stringify(schema)}, { doc: '…' })`,
    at,
    keys,
  });
}

export interface Item<Input> {
  /** Absent where the writer left the name to us. */
  readonly name?: string;
  readonly input: Input;
  /** Where it stands in the literal. */
  readonly keys: readonly string[];
}

/** The items of a part that may be keyed by name or listed without names. */
export function itemsOf<Input>(part: NamedOrListed<Input> | undefined, word: string): readonly Item<Input>[] {
  if (part === undefined || part === null) return [];
  if (Array.isArray(part)) return (part as readonly Input[]).map((input) => ({ input, keys: [word] }));
  return Object.entries(part as { readonly [name: string]: Input }).map(([name, input]) => ({ name, input, keys: [word, name] }));
}

const intervalUnit = '(?:years?|mons?|months?|weeks?|days?|hours?|hrs?|minutes?|mins?|seconds?|secs?)';
const intervalForm = new RegExp(`^\\s*\\d+(?:\\.\\d+)?\\s*${intervalUnit}(?:\\s+\\d+(?:\\.\\d+)?\\s*${intervalUnit})*\\s*$`, 'i');

/** Whether a text is an interval of amounts and units, all of them positive. */
export function isInterval(text: unknown): text is string {
  return typeof text === 'string' && intervalForm.test(text) && /[1-9]/.test(text);
}
