/**
 * Gives partitioned tables the leaves that a proof needs: two where there are none, a second one
 * where there is one. Their bounds lie where nobody's partitions do, so that a migration that adds
 * partitions does not meet them.
 */
import { address, type Address } from '../model/address.ts';
import { qualifiedName, quoteText } from '../sql/quote.ts';
import type { Engine } from '../engine/engine.ts';
import { constantsIn } from './row-constants.ts';
import { guarded } from './row-guard.ts';

interface Node {
  readonly schema: string;
  readonly name: string;
  /** `r`, `l` or `h`. */
  readonly strategy: string;
  readonly keys: number;
  readonly labels: readonly string[];
  readonly leaves: number;
  readonly children: number;
  readonly bound: string;
}

const prefix = 'schemac_proof_';

/** Bounds to try in turn; a quoted literal takes the type of the key, whatever it is. */
const series: readonly (readonly string[])[] = [
  ['2001-01-01', '2001-02-01', '2001-03-01'],
  ['30001', '30011', '30021'],
  ['fffffff0-0000-7000-8000-000000000000', 'fffffff1-0000-7000-8000-000000000000', 'fffffff2-0000-7000-8000-000000000000'],
  ['22:00', '23:00', '24:00'],
  ['false', 'true', 'true'],
  ['192.0.2.0', '192.0.2.64', '192.0.2.128'],
  ['f0', 'f1', 'f2'],
];

/** Creates missing leaves under the partitioned tables among the oids; returns the addresses of those made. */
export async function createLeaves(engine: Engine, oids: readonly string[]): Promise<readonly Address[]> {
  if (oids.length === 0) return [];
  const taken = new Set((await engine.query(takenQuery)).map((row) => qualifiedName([row['schema'] ?? '', row['name'] ?? ''])));
  const made: Address[] = [];
  for (const node of await readNodes(engine, oids)) {
    const missing = node.children === 0 ? 2 : node.leaves === 1 && node.children === 1 ? 1 : 0;
    let number = 1;
    for (let count = 0; count < missing; count += 1) {
      while (taken.has(qualifiedName([node.schema, `${prefix}${number}`]))) number += 1;
      const name = `${prefix}${number}`;
      if (!(await createLeaf(engine, node, name))) break;
      taken.add(qualifiedName([node.schema, name]));
      made.push(address('table', node.schema, name));
    }
  }
  return made;
}

const takenQuery = `
  SELECT n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE starts_with(c.relname, ${quoteText(prefix)})`;

async function readNodes(engine: Engine, oids: readonly string[]): Promise<readonly Node[]> {
  const rows = await engine.query(`
    SELECT json_agg(q ORDER BY q.schema, q.name)::text AS rows FROM (
      SELECT DISTINCT n.nspname AS schema, c.relname AS name, p.partstrat AS strategy, p.partnatts AS keys,
        (SELECT count(*) FROM pg_partition_tree(c.oid) WHERE isleaf) AS leaves,
        (SELECT count(*) FROM pg_catalog.pg_inherits WHERE inhparent = c.oid) AS children,
        coalesce((SELECT pg_get_expr(l.relpartbound, l.oid) FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class l ON l.oid = i.inhrelid
          WHERE i.inhparent = c.oid ORDER BY l.relname LIMIT 1), '') AS bound,
        (SELECT coalesce(jsonb_agg(e.enumlabel ORDER BY e.enumsortorder), '[]') FROM pg_catalog.pg_enum e JOIN pg_catalog.pg_attribute a ON a.atttypid = e.enumtypid
          WHERE a.attrelid = c.oid AND a.attnum = p.partattrs[0]) AS labels
      FROM unnest(ARRAY[${oids.join(', ')}]::oid[]) AS root(oid) CROSS JOIN LATERAL pg_partition_tree(root.oid) tree
      JOIN pg_catalog.pg_class c ON c.oid = tree.relid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = c.oid) q`);
  return JSON.parse(rows[0]?.['rows'] ?? '[]') as readonly Node[];
}

/** Tries bounds until one is accepted; whether one was. */
async function createLeaf(engine: Engine, node: Node, name: string): Promise<boolean> {
  const create = `CREATE TABLE ${qualifiedName([node.schema, name])} PARTITION OF ${qualifiedName([node.schema, node.name])}`;
  for (const bound of boundsFor(node)) {
    if ((await guarded(engine, `${create} FOR VALUES ${bound}`)).outcome === 'done') return true;
  }
  return false;
}

function boundsFor(node: Node): readonly string[] {
  if (node.strategy === 'h') return hashBounds(node);
  const known = node.labels.length > 0 ? [node.labels] : series;
  if (node.strategy === 'l') return known.flatMap((values) => values.map((value) => `IN (${quoteText(value)})`));
  const rest = ', MINVALUE'.repeat(node.keys - 1);
  return known.flatMap((values) =>
    values.slice(1).map((value, at) => `FROM (${quoteText(values[at] ?? value)}${rest}) TO (${quoteText(value)}${rest})`),
  );
}

/** The remainders of the modulus that is there already, or of two. */
function hashBounds({ children, bound }: Node): readonly string[] {
  const modulus = children === 0 ? 2 : Number(constantsIn([bound]).numbers[0] ?? 2);
  return Array.from({ length: Math.min(modulus, 8) }, (_, remainder) => `WITH (MODULUS ${modulus}, REMAINDER ${remainder})`);
}
