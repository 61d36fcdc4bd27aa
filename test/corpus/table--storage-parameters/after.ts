import { bigint, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text() },
  primaryKey: ['id'],
  storageParameters: { fillfactor: 70, 'toast.autovacuum_enabled': false, autovacuum_vacuum_scale_factor: 0.05 },
});
