/**
 * What tables, partitions and materialized views say alike beside their definition: where their rows
 * lie and by which access method, and with TOAST options their storage parameters. No kind is named here.
 */
import { pathText } from '../model/address.ts';
import { fail } from '../model/diagnostic.ts';
import type { SchemaObject } from '../model/object.ts';
import { statement, type Statement } from '../model/statement.ts';
import { qualifiedName, quoteName } from '../sql/quote.ts';
import type { StorageParameters } from './attribute-types.ts';
import { optional, optionalText, storageParametersOf } from './catalog.ts';
import type { AttributeRule, CatalogRow, PlanContext } from './contract.ts';
import { hazard, isSmall, lock } from './statements.ts';

export interface RelationSettings {
  /** Where it is not the database's own. */
  readonly tablespace?: string;
  /** Where it is not `heap`. */
  readonly accessMethod?: string;
}

/** Columns of a query on pg_class as `c`; read by `readRelationSettings`. */
export const relationSettings = `
  (SELECT place.spcname FROM pg_tablespace place WHERE place.oid = c.reltablespace) AS tablespace,
  (SELECT method.amname FROM pg_am method WHERE method.oid = c.relam AND method.amname <> 'heap') AS access_method,
  to_json(c.reloptions || (SELECT array_agg('toast.' || setting) FROM pg_class toast, unnest(toast.reloptions) setting WHERE toast.oid = c.reltoastrelid)) AS options`;

export function readRelationSettings(row: CatalogRow): RelationSettings {
  return { ...optional('tablespace', optionalText(row, 'tablespace')), ...optional('accessMethod', optionalText(row, 'access_method')) };
}

/** reloptions with those of the TOAST table, `toast.autovacuum_enabled`, among them. */
export function readStorageParameters(row: CatalogRow): StorageParameters {
  return storageParametersOf(row, 'options');
}

/** `USING method`, which stands before WITH. */
export function usingClause({ accessMethod }: RelationSettings): string {
  return accessMethod === undefined ? '' : ` USING ${quoteName(accessMethod)}`;
}

export function tablespaceClause({ tablespace }: RelationSettings): string {
  return tablespace === undefined ? '' : ` TABLESPACE ${quoteName(tablespace)}`;
}

type Relation = SchemaObject<string, RelationSettings>;

/** The rows are copied while nobody can use the relation; of a partitioned table there are none. */
function copying(after: Relation, context: PlanContext, action: string, purpose: string): Statement {
  const isEmpty = 'partitionBy' in after.attributes;
  return statement({
    sql: action,
    purpose,
    subject: after.id,
    needs: [...after.dependsOn, after.id],
    locks: lock('AccessExclusiveLock', after.id),
    ...(isEmpty ? {} : { rewrites: [after.id], scans: [after.id] }),
    hazards: isEmpty || isSmall(after.id, context) ? [] : [hazard('rewrite', after.id, 'every row is copied while nobody can use it')],
  });
}

/** `word` is what follows ALTER: `TABLE`, `MATERIALIZED VIEW`. */
export function relationSettingRules(word: string): {
  readonly tablespace: AttributeRule<Relation>;
  readonly accessMethod: AttributeRule<Relation>;
} {
  return {
    tablespace: {
      stake: 'speed',
      statements: (_before, after: Relation, context) => [
        copying(
          after,
          context,
          `ALTER ${word} ${qualifiedName(after.path)} SET TABLESPACE ${quoteName(after.attributes.tablespace ?? 'pg_default')}`,
          `Move ${pathText(after.path)} to ${after.attributes.tablespace === undefined ? "the database's tablespace" : `tablespace ${after.attributes.tablespace}`}.`,
        ),
      ],
    },
    accessMethod: {
      stake: 'speed',
      statements: (_before, after: Relation, context) => {
        // SET ACCESS METHOD came with 15, for partitioned tables with 17 (manual: ALTER TABLE).
        if (context.major < ('partitionBy' in after.attributes ? 17 : 15)) {
          return fail(
            'access-method-changed',
            `PostgreSQL ${String(context.major)} cannot change the access method of ${pathText(after.path)}`,
            {
              subject: after.id,
              hint: 'declare a new table with the access method that you want, move the rows, and drop the old one',
            },
          );
        }
        const method = after.attributes.accessMethod ?? 'heap';
        const action = `ALTER ${word} ${qualifiedName(after.path)} SET ACCESS METHOD ${quoteName(method)}`;
        return [copying(after, context, action, `Store the rows of ${pathText(after.path)} by the access method ${method}.`)];
      },
    },
  };
}
