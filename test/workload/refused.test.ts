/** What PostgreSQL refuses of a query is shown at the line and column where it was written. */
import { expect, it } from 'vitest';
import { load } from '../../compiler/load/load.ts';
import { dslModule, inProject } from '../load/project.ts';
import { gateOf } from './support.ts';

/** Four lines, then the query. */
const head = `import { table, bigint, text, sql, query } from 'schemac';
export const t = table('t', { columns: { id: bigint(), body: text() }, primaryKey: ['id'] });
const condition = sql\`
  nobody = 1\`;
`;

interface Refused {
  readonly message: string;
  readonly place: string;
  readonly hint: string | undefined;
}

async function refused(query: string): Promise<Refused> {
  return inProject({ 'schema/main.ts': head + query }, async (root) => {
    const declared = await load({ root, folder: 'schema', loader: 'esbuild', dslModule });
    const [finding] = (await gateOf(declared)).findings;
    const place = finding === undefined ? undefined : declared.queries[0]?.placeAt(finding.at);
    return { message: finding?.message ?? '', place: `${place?.line}:${place?.column}`, hint: finding?.hint };
  });
}

const query = (sql: string, more = ''): string => `export const q = query('q', { purpose: 'P.', sql: sql\`${sql}\`${more} });`;

it.each([
  ['an unknown column', query('\n  SELECT id,\n    bodi FROM ${t}'), 'column "bodi" does not exist', '7:5'],
  [
    'one after a parameter and a name',
    query('\nSELECT id FROM ${t} WHERE id = :the_id AND bodi = 1'),
    'column "bodi" does not exist',
    '6:44',
  ],
  ['one in SQL that is interpolated', query('SELECT id FROM ${t} WHERE ${condition}'), 'column "nobody" does not exist', '4:3'],
  ['an unknown table', query('SELECT 1 FROM nowhere'), 'relation "nowhere" does not exist', '5:69'],
  ['a fault of grammar', query('SELECT id FROM ${t} WHERE'), 'syntax error at end of input', '5:80'],
  [
    'a sample of another type',
    query('SELECT id FROM ${t} WHERE id = :id', `, samples: { id: 'x' }`),
    'invalid input syntax for type bigint: "x"',
    '5:92',
  ],
  ['an unknown type', query('SELECT id FROM ${t} WHERE id = :id', `, types: { id: 'bigind' }`), 'type "bigind" does not exist', '5:92'],
])('%s', async (_, text, message, place) => {
  const said = await refused(text);
  expect(said.message).toContain(message);
  expect(said.place).toBe(place);
});
