import { bigint, hash, list, project, range, table, text, timestamptz } from 'schemac';

export const settings = project({ postgres: 14 });
export const events = table('events', {
  columns: { id: bigint(), at: timestamptz(), region: text(), name: text({ nullable: true }) },
  primaryKey: ['id', 'at', 'region'],
  partitionBy: range('at', {
    every: '1 month',
    template: { fillfactor: 90 },
    within: list('region', {
      children: {
        eu: { values: ['eu'], partitionBy: hash('id', { modulus: 2, children: { a: { remainder: 0 }, b: { remainder: 1 } } }) },
        rest: { default: true },
      },
    }),
  }),
});
