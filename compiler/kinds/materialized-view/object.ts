/** A materialized view, as an object: `materialized-view public.digest_totals`. Whether it is populated is not part of it. */
import type { SchemaObject } from '../../model/object.ts';
import type { StorageParameters } from '../attribute-types.ts';
import type { RelationSettings } from '../relation-settings.ts';

export interface MaterializedViewAttributes extends RelationSettings {
  readonly query: string;
  readonly storageParameters: StorageParameters;
}
export type MaterializedView = SchemaObject<'materialized-view', MaterializedViewAttributes>;
