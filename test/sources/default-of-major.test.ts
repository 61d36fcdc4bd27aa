/**
 * Before PostgreSQL 15 everybody may create in the schema public, since then nobody: what one of two
 * servers has by its own default is no difference between them, a word against a word is.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, testMajors, type TestServer } from '../support/servers.ts';
import { diff, runScript } from './support.ts';

const [oldest, newest] = [testMajors[0] ?? 14, testMajors.at(-1) ?? 18];

describe.runIf(oldest < 15 && newest >= 15)('who may create in the schema public', () => {
  let servers: readonly TestServer[];
  beforeAll(async () => {
    servers = await Promise.all([startServer(oldest), startServer(newest)]);
  });
  afterAll(() => Promise.all(servers.map((server) => server.stop())));

  const granted = 'GRANT CREATE ON SCHEMA public TO PUBLIC';
  const revoked = 'REVOKE CREATE ON SCHEMA public FROM PUBLIC';
  const passedOn = 'CREATE TABLE t (id bigint); REVOKE USAGE ON SCHEMA public FROM PUBLIC';

  it.each([
    ['neither says a word', '', '', ['no difference'], ['no difference']],
    ['the newer one gives what the older one has by default', '', granted, ['no difference'], ['no difference']],
    ['the older one takes away what the newer one never had', revoked, '', ['no difference'], ['no difference']],
    [
      'one takes it away and the other gives it',
      revoked,
      granted,
      ['Changes grant schema public.PUBLIC (privileges, revoked).'],
      ['Changes grant schema public.PUBLIC (privileges, revoked).'],
    ],
    [
      'another privilege beside it differs',
      `${revoked}; ${passedOn}`,
      'CREATE TABLE t (id bigint)',
      ['Drops grant schema public.PUBLIC.'],
      ['Adds grant schema public.PUBLIC.'],
    ],
  ])('%s', async (_, before, after, there, back) => {
    const [old, now] = await Promise.all(servers.map((server) => server.createDatabase()));
    await runScript(old ?? '', before);
    await runScript(now ?? '', after);
    expect((await diff(old ?? '', now ?? '', { format: 'summary' })).lines).toEqual(there);
    expect((await diff(now ?? '', old ?? '', { format: 'summary' })).lines).toEqual(back);
  });
});
