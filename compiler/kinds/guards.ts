/**
 * Asks what an object is: one type guard a kind, for those who must know a kind's attributes, as
 * lint's rules do. Nothing else is known here; what a kind is like stays in its own folder.
 */
import type { SchemaObject } from '../model/object.ts';
import type { Attribute } from './attribute/object.ts';
import type { Check } from './check/object.ts';
import type { Column } from './column/object.ts';
import type { Comment } from './comment/object.ts';
import type { Composite } from './composite/object.ts';
import type { Default } from './default/object.ts';
import type { DefaultPrivilege } from './default-privilege/object.ts';
import type { Domain } from './domain/object.ts';
import type { Enum } from './enum/object.ts';
import type { Exclusion } from './exclusion/object.ts';
import type { Extension } from './extension/object.ts';
import type { ForeignKey } from './foreign-key/object.ts';
import type { Grant } from './grant/object.ts';
import type { Function } from './function/object.ts';
import type { Index } from './index/object.ts';
import type { MaterializedView } from './materialized-view/object.ts';
import type { Multirange } from './multirange/object.ts';
import type { Opaque } from './opaque/object.ts';
import type { Owner } from './owner/object.ts';
import type { Partition } from './partition/object.ts';
import type { PartitionRule } from './partition-rule/object.ts';
import type { PartitionSupport } from './partition-support/object.ts';
import type { Policy } from './policy/object.ts';
import type { PrimaryKey } from './primary-key/object.ts';
import type { Publication } from './publication/object.ts';
import type { PublicationTable } from './publication-table/object.ts';
import type { Range } from './range/object.ts';
import type { ReferenceRow } from './reference-row/object.ts';
import type { Procedure } from './procedure/object.ts';
import type { Schema } from './schema/object.ts';
import type { Sequence } from './sequence/object.ts';
import type { Statistics } from './statistics/object.ts';
import type { Table } from './table/object.ts';
import type { Trigger } from './trigger/object.ts';
import type { Unique } from './unique/object.ts';
import type { View } from './view/object.ts';

/** Says of any object whether it is of one kind. */
export type Guard<Object extends SchemaObject> = (object: SchemaObject) => object is Object;

function guard<Object extends SchemaObject>(kind: Object['kind']): Guard<Object> {
  return (object): object is Object => object.kind === kind;
}

export const isAttribute = guard<Attribute>('attribute');
export const isCheck = guard<Check>('check');
export const isColumn = guard<Column>('column');
export const isComment = guard<Comment>('comment');
export const isComposite = guard<Composite>('composite');
export const isDefault = guard<Default>('default');
export const isDefaultPrivilege = guard<DefaultPrivilege>('default-privilege');
export const isDomain = guard<Domain>('domain');
export const isEnum = guard<Enum>('enum');
export const isExclusion = guard<Exclusion>('exclusion');
export const isExtension = guard<Extension>('extension');
export const isForeignKey = guard<ForeignKey>('foreign-key');
export const isGrant = guard<Grant>('grant');
export const isFunction = guard<Function>('function');
export const isIndex = guard<Index>('index');
export const isMaterializedView = guard<MaterializedView>('materialized-view');
export const isMultirange = guard<Multirange>('multirange');
export const isOpaque = guard<Opaque>('opaque');
export const isOwner = guard<Owner>('owner');
export const isPartition = guard<Partition>('partition');
export const isPartitionRule = guard<PartitionRule>('partition-rule');
export const isPartitionSupport = guard<PartitionSupport>('partition-support');
export const isPolicy = guard<Policy>('policy');
export const isPrimaryKey = guard<PrimaryKey>('primary-key');
export const isPublication = guard<Publication>('publication');
export const isPublicationTable = guard<PublicationTable>('publication-table');
export const isRange = guard<Range>('range');
export const isReferenceRow = guard<ReferenceRow>('reference-row');
export const isProcedure = guard<Procedure>('procedure');
export const isSchema = guard<Schema>('schema');
export const isSequence = guard<Sequence>('sequence');
export const isStatistics = guard<Statistics>('statistics');
export const isTable = guard<Table>('table');
export const isTrigger = guard<Trigger>('trigger');
export const isUnique = guard<Unique>('unique');
export const isView = guard<View>('view');
