/**
 * What `import { … } from 'schemac'` gives: the words of the schema language and the types of its
 * declarations. It imports nothing but its own folder, so that a schema loads in milliseconds.
 */
export { sql, literal, name } from './sql.ts';
export type { Sql, Literal, Name, SqlPart } from './sql.ts';
export type { Declaration } from './declaration.ts';
export * from './column-words.ts';
export type { Column, ColumnMap, ColumnOptions, DefaultInput, IdentityOptions, NamedColumn, ValueOf } from './column.ts';
export { references, softReference, self } from './references.ts';
export type { ConstraintNotes, ReferentialAction } from './references.ts';
export { key, asc, desc } from './keys.ts';
export type { KeyOptions } from './keys.ts';
export { range, list, hash } from './partitions.ts';
export type { PartitionInput, RangeRule } from './partitions.ts';
export { defaultPrivileges } from './privileges.ts';
export type { DefaultPrivilegesDeclaration, PolicyInput, TableGrantInput } from './privileges.ts';
export { table, externalTable } from './table.ts';
export type { AnyTable, Table, TableDefinition } from './table.ts';
export { compositeType, rangeType } from './composed-types.ts';
export type { CompositeDeclaration, MultirangeDeclaration, RangeDeclaration } from './composed-types.ts';
export { publication, published } from './publications.ts';
export type { PublicationDeclaration, PublicationDefinition, PublishedTable } from './publications.ts';
export { schema, extension, enumType, domain, sequence, view, materializedView, opaque, group } from './words.ts';
export type {
  DomainDeclaration,
  EnumDeclaration,
  ExtensionDeclaration,
  Group,
  MaterializedViewDeclaration,
  OpaqueDeclaration,
  SchemaDeclaration,
  SequenceDeclaration,
  ViewDeclaration,
} from './words.ts';
export { func, procedure, out, inout, variadic, setOf, returnsTable, rowOf } from './routines.ts';
export type {
  ArgumentInput,
  FunctionDeclaration,
  FunctionDefinition,
  ProcedureDeclaration,
  ProcedureDefinition,
  ReturnsInput,
} from './routines.ts';
export type { TriggerFunction, TriggerInput } from './triggers.ts';
export { project, requirement, decision, openQuestion, review, query } from './design.ts';
export type { Concern, MigrationPolicyInput, PolicyRuleInput, ProjectDefinition } from './design.ts';
export { volume } from './volume.ts';
export type { VolumeDeclaration, VolumeDefinition } from './volume.ts';
export type { BudgetInput, Duration, PlannerInput, RowsInput, ValuesInput, WorkloadValue } from './workload.ts';
export type { Row, NewRow } from './row.ts';
