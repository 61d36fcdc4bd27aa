import { bigint, integer, project, self, sequence, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14, comments: 'database' });
export const numbers = sequence('numbers', { ownedBy: { table: () => nodes, column: 'id' } });
export const nodes = table('nodes', {
  columns: {
    id: integer({ default: sql`nextval(${numbers})`, doc: 'Which node.' }),
    parent_id: self('id', { nullable: true, onDelete: 'set null' }),
    depth: integer({ default: 0 }),
    weight: bigint({ nullable: true }),
    name: text(),
  },
  primaryKey: ['id'],
  uniques: { nodes_name: { columns: ['name', 'depth'], deferral: 'initially deferred', include: ['weight'] } },
  indexes: { nodes_parent: { on: ['parent_id', 'depth'], where: sql`name <> 'root'`, doc: 'Children of a node.' } },
  statistics: { nodes_s: { on: ['parent_id', 'depth'] } },
  checks: { nodes_depth: sql`depth >= 0` },
});
