/**
 * SQL text as PostgreSQL prints it becomes a template in which what the text depends on is interpolated,
 * so that the dependency is known and a rename is followed. Tokens alone are looked at, and a part is
 * replaced only by what is rendered as the very same text: the SQL stays as it is, whatever it means.
 */
import type { Address } from '../model/address.ts';
import type { SchemaObject, State } from '../model/object.ts';
import { declaredNode, type SqlNode } from '../model/source.ts';
import { kindOf } from '../kinds/registry.ts';
import { qualifiedName } from '../sql/quote.ts';
import { nextToken } from '../sql/scan.ts';

/** For texts of a state, with what each of them depends on by pg_depend. */
export function interpolation(state: State): (text: string, dependsOn: readonly Address[]) => SqlNode {
  return (text, dependsOn) => {
    const spelled = new Map<string, Address>();
    for (const id of dependsOn) for (const [name, found] of spellings(state.get(id), state)) spelled.set(name, found);
    if (spelled.size === 0 || ![...spelled.keys()].some((name) => text.includes(name))) return { node: 'sql', parts: [text] };
    return { node: 'sql', parts: cut(text, spelled) };
  };
}

/** How an object, or what it is part of, is written in SQL. */
function spellings(object: SchemaObject | undefined, state: State): readonly (readonly [string, Address])[] {
  if (object === undefined) return [];
  const { author } = kindOf(object);
  const inSql = 'inSql' in author ? author.inSql : undefined;
  if (inSql !== undefined) return [[inSql === 'name' ? qualifiedName(object.path) : inSql(object), object.id]];
  return object.partOf === undefined ? [] : spellings(state.get(object.partOf), state);
}

function cut(text: string, spelled: ReadonlyMap<string, Address>): SqlNode['parts'] {
  const parts: SqlNode['parts'][number][] = [];
  const names = [...spelled.keys()].sort((left, right) => right.length - left.length);
  let start = 0;
  let before = '';
  for (let token = nextToken(text, 0); token !== undefined && token.token !== 'unterminated';) {
    const at = token.start;
    const name = before === '.' ? undefined : names.find((each) => text.startsWith(each, at) && endsHere(text, at + each.length));
    const id = name === undefined ? undefined : spelled.get(name);
    if (name !== undefined && id !== undefined) {
      parts.push(text.slice(start, at), declaredNode(id));
      start = at + name.length;
    }
    const end: number = name === undefined ? token.end : start;
    before = text.slice(token.start, end).slice(-1);
    token = nextToken(text, end);
  }
  return [...parts, text.slice(start)].filter((part) => part !== '');
}

/** Whether a name that ends here is not the beginning of a longer one. */
function endsHere(text: string, at: number): boolean {
  return !/[\w$\u0080-\uffff"']/.test(text[at] ?? ' ');
}
