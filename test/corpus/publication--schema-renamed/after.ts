import { bigint, project, publication, schema, table } from 'schemac';

export const settings = project({ postgres: 15 });
export const other = schema('another', { renamedFrom: 'other' });
export const away = table('away', { schema: other, columns: { id: bigint() }, primaryKey: ['id'] });
export const feed = publication('feed', { schemas: [other] });
