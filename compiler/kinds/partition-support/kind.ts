/**
 * All that the compiler knows of partition support: our own tables and functions in the schema
 * `schemac`, one object with a version. No rule and no partition is known here.
 */
import { address } from '../../model/address.ts';
import { fail } from '../../model/diagnostic.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { numberOf } from '../catalog.ts';
import type { Kind } from '../contract.ts';
import { hazard } from '../statements.ts';
import type { PartitionSupport } from './object.ts';
import { dropSteps, supportSteps, upgradeSteps, type SupportStep } from './sql.ts';
import { partitionSupportVersion } from './version.ts';

/** Its statements need nothing but each other, and run in their order; the last one makes the object. */
function install(object: PartitionSupport, before: readonly SupportStep[] = []): readonly Statement[] {
  const { version } = object.attributes;
  if (version !== partitionSupportVersion) {
    fail('partition-support-version', `this schemac writes partition support ${String(partitionSupportVersion)}, not ${String(version)}`, {
      subject: object.id,
      hint: 'use the schemac that wrote it, or a newer one',
    });
  }
  const steps = [...before, ...supportSteps(version)];
  return steps.map((step, place) => statement({ ...step, subject: object.id, makes: place === steps.length - 1 ? [object.id] : [] }));
}

function drop(object: PartitionSupport): readonly Statement[] {
  const reason = 'the log of retired partitions goes too; those that wait for the end of their grace are then dropped by nobody';
  return dropSteps.map((step, place) =>
    statement({
      ...step,
      subject: object.id,
      destroys: place === dropSteps.length - 1 ? [object.id] : [],
      hazards: place === dropSteps.length - 1 ? [hazard('irreversible', object.id, reason)] : [],
      atomic: `drop ${object.id}`,
      phase: 'contract',
    }),
  );
}

export const partitionSupportKind: Kind<PartitionSupport> = {
  kind: 'partition-support',
  introspect: {
    query: (context) =>
      context.hasPartitionRules
        ? `SELECT c.oid::int8 AS oid,
            coalesce(substring(obj_description(c.oid, 'pg_class') FROM '^schemac partition support, version ([0-9]+)$')::int, 0) AS version
          FROM pg_class c WHERE c.oid = to_regclass('schemac.partition_rule')`
        : 'SELECT 0 AS oid, 0 AS version WHERE false',
    read: (row) => ({
      object: {
        kind: 'partition-support',
        id: address('partition-support', 'schemac'),
        path: ['schemac'],
        attributes: { version: numberOf(row, 'version') },
        dependsOn: [],
      },
      identities: [{ catalog: 'pg_class', oid: numberOf(row, 'oid') }],
    }),
  },
  create: (object) => install(object),
  drop,
  alter: {
    version: {
      statements: (_before, after) =>
        install(after, upgradeSteps).map((step): Statement => ({ ...step, atomic: `version of ${after.id}` })),
    },
  },
  describe: () => [],
  author: { writes: 'nothing', because: 'partition rules bring it' },
};
