/** The word `volume`: figures of a table apart from its declaration, laid over what stands there. */
import { expect, it } from 'vitest';
import { loadFiles } from '../load/project.ts';

const declaredText = `import { bigint, table, text } from 'schemac';
export const users = table('users', { columns: { id: bigint(), bio: text({ nullable: true, values: { nulls: 0.4, width: 90 } }) }, primaryKey: ['id'], expectedRows: 3 });
`;

it('a volume of what is not declared, or that no column can have, is a mistake at its line', async () => {
  const volume = `import { volume } from 'schemac';
export const volumes = [
  volume('table public.user', { expectedRows: 5 }),
  volume('table public.users', { expectedRows: { now: 7, bloat: 2 }, values: { bio: { nulls: 2 }, nick: { distinct: 3 } } }),
  volume('table public.users', { expectedRows: 9 }),
];
`;
  const { diagnostics, annotations } = await loadFiles({ 'schema/main.ts': declaredText, 'schema/volumes.ts': volume });
  expect(diagnostics.map(({ code, place, hint }) => [code, place?.line, hint])).toEqual([
    ['unknown-address', 3, 'did you mean `table public.users`?'],
    ['impossible-values', 4, undefined],
    ['unknown-column', 4, 'take it out, or run schemac volumes again'],
    ['duplicate-name', 5, 'keep one of them'],
  ]);
  expect(annotations.get('table public.users')).toMatchObject({ expectedRows: 7, volume: { bloat: 2 } });
  expect(annotations.get('column public.users.bio')?.values).toEqual({ nulls: 0.4, width: 90 });
});
