/**
 * A schema with policies, grants and owners, compiled on the embedded engine and applied by a role that
 * is no superuser: what that role then reads of the database is what the snapshot says.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { diff } from '../../compiler/diff/diff.ts';
import { kindOf } from '../../compiler/kinds/registry.ts';
import { migrate } from '../../compiler/migrate/migrate.ts';
import type { SchemaObject, State } from '../../compiler/model/object.ts';
import { readDatabase } from '../../compiler/sources/read-database.ts';
import { readSnapshot } from '../../compiler/workspace/snapshot.ts';
import { createProject, expectDone } from '../commands/support.ts';
import { withClient } from '../support/database.ts';
import { newestMajor, withServer } from '../support/servers.ts';

const tail = randomBytes(4).toString('hex');
const [runner, owner, reader] = ['runner', 'owner', 'reader'].map((name) => `schemac_${name}_${tail}`) as [string, string, string];

const schema = `
import { bigint, defaultPrivileges, enumType, project, schema, sequence, sql, table, text, view } from 'schemac';
export default project({ title: 'Mails', purpose: 'Tests.', postgres: ${String(newestMajor)} });
export const archive = schema('archive', { grants: [{ to: '${reader}', privileges: ['usage'] }] });
export const reading = defaultPrivileges({ on: 'tables', schema: archive, to: '${reader}', privileges: ['select'] });
export const closed = defaultPrivileges({ on: 'types', revokedFrom: 'public', privileges: ['usage'] });
export const mood = enumType('mood', ['glad'], { grants: [{ to: '${reader}', privileges: ['usage'] }] });
export const counter = sequence('counter', { ownerRole: '${owner}', grants: [{ to: '${reader}', privileges: ['usage'] }] });
export const mails = table('mails', {
  columns: { id: bigint(), sender: text() }, primaryKey: ['id'], rowSecurity: 'on',
  policies: { own: { for: 'select', to: '${reader}', using: sql\`sender = current_user\` } },
  grants: [{ to: '${reader}', privileges: ['select'], withGrantOption: true }, { revokedFrom: 'owner', privileges: ['truncate'] }],
  ownerRole: '${owner}',
});
export const kept = table('kept', { schema: archive, columns: { id: bigint() } });
export const recent = view('recent', { query: sql\`SELECT id FROM \${mails}\`, ownerRole: '${owner}', grants: [{ to: 'public', privileges: ['select'] }] });
`;

const ours = (state: State): State => new Map([...state].filter(([, object]) => isOurs(object)));
const isOurs = (object: SchemaObject): boolean => kindOf(object).concerns === 'privileges' || object.kind === 'policy';

it('is applied and read back the same', async () => {
  const project = await createProject({ 'schema/mails.ts': schema });
  expectDone(await project.compile());
  await withServer(newestMajor, async (server) => {
    const admin = await server.createDatabase();
    await withClient(admin, async (client) => {
      const database = new URL(admin).pathname.slice(1);
      await client.query(`CREATE ROLE ${owner}; CREATE ROLE ${reader}; CREATE ROLE ${runner} LOGIN PASSWORD 'secret' IN ROLE ${owner}`);
      await client.query(`GRANT CREATE ON DATABASE ${database} TO ${runner}; GRANT CREATE ON SCHEMA public TO ${runner}, ${owner}`);
      try {
        const url = Object.assign(new URL(admin), { username: runner, password: 'secret' }).href;
        const applied = await migrate({ generated: join(project.root, 'generated'), url });
        expect([applied.diagnostics, applied.applied]).toEqual([[], ['0001_initial_schema']]);
        const snapshot = readSnapshot(join(project.root, 'generated', 'snapshot.json'));
        const live = await readDatabase(url);
        const theirs = new Map([...ours(live.state)].filter(([id]) => !id.startsWith('grant schema public.')));
        expect(theirs.size).toBeGreaterThan(10);
        expect(diff(ours(snapshot?.state ?? new Map()), theirs)).toEqual([]);
        // Whoever reads sees the same, though it owns nothing and the database is another's.
        const asAdmin = await readDatabase(admin);
        expect([...ours(asAdmin.state).keys()]).toEqual([...ours(live.state).keys()]);
      } finally {
        for (const role of [runner, owner, reader]) await client.query(`DROP OWNED BY ${role} CASCADE`);
        await client.query(`DROP ROLE ${runner}, ${owner}, ${reader}`);
      }
    });
  });
});
