/**
 * A database with partitioned tables and their rules, made by the compiler's own statements, and days
 * that pass as a test says.
 */
import { declarePartitionSupport } from '../../compiler/kinds/partition-support/declare.ts';
import { supportSteps } from '../../compiler/kinds/partition-support/sql.ts';
import { applyPartitions } from '../../compiler/partitions/apply.ts';
import { checkPartitions } from '../../compiler/partitions/check.ts';
import type { MaintenanceResult, PartitionOptions } from '../../compiler/partitions/options.ts';
import { planPartitions } from '../../compiler/partitions/plan.ts';
import { withClient } from '../support/database.ts';
import type { TestServer } from '../support/servers.ts';

/** Columns of schemac.partition_rule as SQL. */
export type RuleColumns = { readonly [column: string]: string };

export const monthly: RuleColumns = { every: `'1 month'`, premake: '2', retain: `'3 months'`, on_retire: `'drop'` };

/** Makes `public.events (id, at, body)` with a rule, and nothing of what the rule wants. */
export function tableSql(rule: RuleColumns, { name = 'events', key = 'at', type = 'timestamptz' } = {}): string {
  const columns = { column_name: `'${key}'`, zone: `'UTC'`, ...rule };
  const id = key === 'id' ? '' : 'id bigint NOT NULL, ';
  return `CREATE TABLE public.${name} (${id}${key} ${type} NOT NULL, body text, PRIMARY KEY (${key === 'id' ? 'id' : `id, ${key}`})) PARTITION BY RANGE (${key});
    INSERT INTO schemac.partition_rule (parent, ${Object.keys(columns).join(', ')}) VALUES ('public.${name}', ${Object.values(columns).join(', ')});`;
}

export interface World {
  readonly url: string;
  readonly sql: (text: string) => Promise<readonly (readonly (string | null)[])[]>;
  /** Runs maintenance as of a time. */
  readonly apply: (at: string, options?: Partial<PartitionOptions>) => Promise<MaintenanceResult>;
  /** `create events_p20260101` and so on: what is planned. */
  readonly plan: (at: string) => Promise<readonly string[]>;
  /** Codes of what check finds, notices left out. */
  readonly check: (at: string) => Promise<readonly string[]>;
  /** The partitions of a table, by name. */
  readonly partitions: (table?: string) => Promise<readonly string[]>;
}

/** A new database with the partition support in it. */
export async function newWorld(server: TestServer, setUp: string): Promise<World> {
  const url = await server.createDatabase();
  const sql: World['sql'] = (text) =>
    withClient(url, async (client) => {
      await client.query(`SET TimeZone = 'UTC'; SET DateStyle = 'ISO'`);
      const result: unknown = await client.query({ text, rowMode: 'array', types: { getTypeParser: () => (value: string) => value } });
      const last = (Array.isArray(result) ? (result as unknown[]).at(-1) : result) as {
        readonly rows?: readonly (readonly (string | null)[])[];
      };
      return last.rows ?? [];
    });
  const support = supportSteps(declarePartitionSupport().attributes.version).map((step) => step.sql);
  await sql([...support, setUp].join(';\n'));
  return {
    url,
    sql,
    apply: (at, options = {}) => applyPartitions({ url, at, ...options }),
    plan: async (at) => (await planPartitions({ url, at })).steps.map((step) => `${step.action} ${step.relation}`),
    check: async (at) =>
      (await checkPartitions({ url, at })).diagnostics
        .filter(({ severity }) => severity !== 'notice')
        .map(({ code, message }) => (code === 'database' ? message : code)),
    partitions: async (table = 'events') =>
      (await sql(`SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'public.${table}'::regclass ORDER BY 1`)).map(
        ([name]) => name ?? '',
      ),
  };
}

/** `create public.events_p20260101 done` and so on. */
export function words(result: MaintenanceResult): readonly string[] {
  return result.steps.map(({ action, relation, outcome }) => `${action} ${relation}${outcome === 'done' ? '' : ` ${outcome}`}`);
}
