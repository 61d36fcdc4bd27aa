import { bigint, func, project, schema, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
});
export const odd = schema('Odd "schema"');
export const fire = func('Fire when (x)', { schema: odd, returns: 'trigger', language: 'plpgsql', body: sql`BEGIN RETURN NEW; END` });
export const when = table('WHEN (a)', {
  schema: odd,
  columns: { order: bigint(), 'it\'s "': text() },
  primaryKey: ['order'],
  triggers: {
    'WHEN ($$)': {
      when: 'before',
      on: ['insert', 'update'],
      updateOf: ['it\'s "'],
      condition: sql`NEW."order" > 0`,
      execute: () => fire,
      args: ['WHEN (1)'],
      doc: "It's.",
    },
  },
});
