/** Policies, privileges, owners and default privileges as source: the literals that are written for what was read. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../compiler/engine/engine.ts';
import { openEngine } from '../../compiler/engine/open.ts';
import { introspect, pinnedSettings } from '../../compiler/introspect/introspect.ts';
import type { AuthorContext, Piece } from '../../compiler/kinds/author.ts';
import { kindOf } from '../../compiler/kinds/registry.ts';
import type { SchemaObject, State } from '../../compiler/model/object.ts';
import { sqlNode, type SourceNode } from '../../compiler/model/source.ts';

let engine: Engine;
let state: State;

beforeAll(async () => {
  engine = await openEngine({ cacheFolder: join(tmpdir(), 'schemac-test-cache') });
  await engine.execute(`BEGIN; CREATE ROLE reader; CREATE ROLE "Wri ter"; CREATE SCHEMA a;
    CREATE TABLE public.t (id int, name text); ALTER TABLE public.t OWNER TO reader;
    CREATE POLICY p ON public.t AS RESTRICTIVE FOR UPDATE TO "Wri ter" USING (id > 0) WITH CHECK (id > 1); CREATE POLICY q ON public.t USING (true);
    GRANT SELECT, INSERT ON public.t TO "Wri ter"; GRANT UPDATE (name, id) ON public.t TO "Wri ter" WITH GRANT OPTION; REVOKE DELETE ON public.t FROM reader;
    CREATE TABLE public.parted (id int) PARTITION BY LIST (id); CREATE TABLE public.part PARTITION OF public.parted FOR VALUES IN (1); GRANT SELECT ON public.part TO reader;
    GRANT USAGE ON SCHEMA public TO reader; REVOKE USAGE ON SCHEMA public FROM PUBLIC;
    ALTER DEFAULT PRIVILEGES IN SCHEMA a GRANT SELECT ON TABLES TO reader; ALTER DEFAULT PRIVILEGES IN SCHEMA a GRANT DELETE ON TABLES TO reader WITH GRANT OPTION;
    ALTER DEFAULT PRIVILEGES FOR ROLE reader REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC`);
  await engine.execute(pinnedSettings.join(';'));
  state = await introspect(engine, 18);
});
afterAll(() => engine.close());

/** The source of a node, on one line. */
function text(node: SourceNode): string {
  switch (node.node) {
    case 'value':
      return JSON.stringify(node.value);
    case 'object':
      return `{ ${node.entries.map(({ key, value }) => `${key}: ${text(value)}`).join(', ')} }`;
    case 'array':
      return `[${node.items.map(text).join(', ')}]`;
    case 'call':
      return `${typeof node.callee === 'string' ? node.callee : text(node.callee)}(${node.arguments.map(text).join(', ')})`;
    case 'sql':
      return `sql\`${node.parts.map((part) => (typeof part === 'string' ? part : text(part))).join('')}\``;
    default:
      return `<${node.id}>`;
  }
}

function pieces(id: string): readonly string[] {
  const object = state.get(id) as SchemaObject;
  const { author } = kindOf(object);
  if (!('author' in author)) throw new Error(`${id} has no author`);
  const context: AuthorContext = {
    state,
    fields: () => [],
    typeCalled: () => undefined,
    typeNode: () => undefined,
    sql: (expression) => sqlNode(expression),
    computedName: () => '',
    isExternal: () => false,
  };
  return author.author(object, context).map((piece: Piece) => {
    if (piece.piece === 'opaque') return `opaque: ${piece.because}`;
    return piece.piece === 'field' ? `${piece.into} ${piece.field}: ${text(piece.value)}` : `${piece.name}: ${text(piece.value)}`;
  });
}

it.each([
  [
    'policy public.t.p',
    ['table public.t policies: { for: "update", mode: "restrictive", to: "Wri ter", using: sql`(id > 0)`, withCheck: sql`(id > 1)` }'],
  ],
  ['policy public.t.q', ['table public.t policies: { using: sql`true` }']],
  [
    'grant table public.t."Wri ter"',
    [
      'table public.t grants: { to: "Wri ter", privileges: ["insert", "select"] }',
      'table public.t grants: { to: "Wri ter", privileges: ["update"], columns: ["id", "name"], withGrantOption: true }',
    ],
  ],
  ['grant table public.t.OWNER', ['table public.t grants: { revokedFrom: "owner", privileges: ["delete"] }']],
  ['owner table public.t', ['table public.t ownerRole: "reader"']],
  ['grant partition public.part.reader', ['opaque: what it is on, a partition, is part of another declaration']],
  [
    'grant schema public.PUBLIC',
    ['public: schema("public", { grants: [{ revokedFrom: "public", privileges: ["usage"] }, { to: "reader", privileges: ["usage"] }] })'],
  ],
  ['grant schema public.reader', []],
  [
    'default-privilege a.tables.reader',
    [
      'a_tables_reader: [defaultPrivileges({ on: "tables", schema: <schema a>, to: "reader", privileges: ["delete"], withGrantOption: true }), defaultPrivileges({ on: "tables", schema: <schema a>, to: "reader", privileges: ["select"] })]',
    ],
  ],
  [
    'default-privilege reader.*.functions.PUBLIC',
    [
      'reader_functions_everybody: defaultPrivileges({ on: "functions", madeBy: "reader", revokedFrom: "public", privileges: ["execute"] })',
    ],
  ],
])('%s', (id, expected) => {
  expect(pieces(id)).toEqual(expected);
});
