/**
 * The only list of kinds, in the order in which they are read: what a kind's reader looks up comes
 * before it. The union of all objects derives from it, so a kind that is not complete, or an
 * attribute without a rule, does not compile.
 */
import type { SchemaObject } from '../model/object.ts';
import { attributeKind } from './attribute/kind.ts';
import { checkKind } from './check/kind.ts';
import { columnKind } from './column/kind.ts';
import { commentKind } from './comment/kind.ts';
import { compositeKind } from './composite/kind.ts';
import type { Kind } from './contract.ts';
import { defaultPrivilegeKind } from './default-privilege/kind.ts';
import { defaultKind } from './default/kind.ts';
import { accessMethodKind } from './defined-by-text/access-method.ts';
import { aggregateKind } from './defined-by-text/aggregate.ts';
import { castKind } from './defined-by-text/cast.ts';
import { collationKind } from './defined-by-text/collation.ts';
import { conversionKind } from './defined-by-text/conversion.ts';
import { eventTriggerKind } from './defined-by-text/event-trigger.ts';
import { foreignDataWrapperKind } from './defined-by-text/foreign-data-wrapper.ts';
import { foreignServerKind } from './defined-by-text/foreign-server.ts';
import { foreignTableKind } from './defined-by-text/foreign-table.ts';
import { languageKind } from './defined-by-text/language.ts';
import { operatorKind } from './defined-by-text/operator.ts';
import { operatorClassKind } from './defined-by-text/operator-class.ts';
import { operatorFamilyKind } from './defined-by-text/operator-family.ts';
import { ruleKind } from './defined-by-text/rule.ts';
import { textSearchConfigurationKind } from './defined-by-text/text-search-configuration.ts';
import { textSearchDictionaryKind } from './defined-by-text/text-search-dictionary.ts';
import { textSearchParserKind } from './defined-by-text/text-search-parser.ts';
import { textSearchTemplateKind } from './defined-by-text/text-search-template.ts';
import { transformKind } from './defined-by-text/transform.ts';
import { userMappingKind } from './defined-by-text/user-mapping.ts';
import { domainKind } from './domain/kind.ts';
import { enumKind } from './enum/kind.ts';
import { exclusionKind } from './exclusion/kind.ts';
import { extensionKind } from './extension/kind.ts';
import { foreignKeyKind } from './foreign-key/kind.ts';
import { grantKind } from './grant/kind.ts';
import { functionKind } from './function/kind.ts';
import { indexKind } from './index/kind.ts';
import { materializedViewKind } from './materialized-view/kind.ts';
import { multirangeKind } from './multirange/kind.ts';
import { opaqueKind } from './opaque/kind.ts';
import { ownerKind } from './owner/kind.ts';
import { partitionRuleKind } from './partition-rule/kind.ts';
import { partitionSupportKind } from './partition-support/kind.ts';
import { partitionKind } from './partition/kind.ts';
import { policyKind } from './policy/kind.ts';
import { primaryKeyKind } from './primary-key/kind.ts';
import { publicationTableKind } from './publication-table/kind.ts';
import { publicationKind } from './publication/kind.ts';
import { rangeKind } from './range/kind.ts';
import { referenceRowKind } from './reference-row/kind.ts';
import { procedureKind } from './procedure/kind.ts';
import { schemaKind } from './schema/kind.ts';
import { sequenceKind } from './sequence/kind.ts';
import { statisticsKind } from './statistics/kind.ts';
import { tableKind } from './table/kind.ts';
import { triggerKind } from './trigger/kind.ts';
import { uniqueKind } from './unique/kind.ts';
import { viewKind } from './view/kind.ts';

const list = [
  schemaKind,
  extensionKind,
  enumKind,
  rangeKind,
  multirangeKind,
  domainKind,
  compositeKind,
  attributeKind,
  languageKind,
  accessMethodKind,
  collationKind,
  sequenceKind,
  tableKind,
  partitionKind,
  columnKind,
  defaultKind,
  primaryKeyKind,
  uniqueKind,
  checkKind,
  exclusionKind,
  foreignKeyKind,
  viewKind,
  materializedViewKind,
  indexKind,
  statisticsKind,
  functionKind,
  procedureKind,
  triggerKind,
  conversionKind,
  castKind,
  aggregateKind,
  operatorKind,
  operatorFamilyKind,
  operatorClassKind,
  transformKind,
  textSearchParserKind,
  textSearchTemplateKind,
  textSearchDictionaryKind,
  textSearchConfigurationKind,
  foreignDataWrapperKind,
  foreignServerKind,
  userMappingKind,
  foreignTableKind,
  ruleKind,
  partitionSupportKind,
  partitionRuleKind,
  publicationKind,
  publicationTableKind,
  opaqueKind,
  referenceRowKind,
  eventTriggerKind,
  policyKind,
  defaultPrivilegeKind,
  grantKind,
  ownerKind,
  commentKind,
] as const;

type ObjectOf<Entry> = Entry extends Kind<infer Object> ? Object : never;
export type AnyObject = ObjectOf<(typeof list)[number]>;

/** Every kind, in reading order. */
export const kinds: readonly Kind[] = list as unknown as readonly Kind[];

const byName: ReadonlyMap<string, Kind> = new Map(kinds.map((kind) => [kind.kind, kind]));

const rankOf: ReadonlyMap<string, number> = new Map(kinds.map((kind, rank) => [kind.kind, rank]));

/** The kind of an object; a name that is not registered is a programmer's mistake. */
export function kindOf(object: Pick<SchemaObject, 'kind'>): Kind {
  const kind = byName.get(object.kind);
  if (kind === undefined) throw new Error(`no kind '${object.kind}' is registered in kinds/registry.ts`);
  return kind;
}

/** Whether statements about objects of a kind come before all others that they do not need. */
export function comesFirst(name: string): boolean {
  return byName.get(name)?.comesFirst === true;
}

/** The place of a kind in the registry: columns come after tables, comments last. */
export function kindRank(name: string): number {
  return rankOf.get(name) ?? -1;
}
