import { bigint, project, sql, table, varchar } from 'schemac';

export const settings = project({ postgres: 14 });
export const jobs = table('jobs', {
  doc: 'Jobs.',
  columns: { id: bigint({ doc: 'Identifier.' }), state: varchar({ length: 20, doc: 'State.' }) },
  primaryKey: ['id'],
  checks: { jobs_state_check: { expression: sql`state IN ('new', 'done')`, doc: 'Known states.' } },
});
