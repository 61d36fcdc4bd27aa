/**
 * What the runner writes down of an undo, with a plan that is given and not made: nothing of what
 * compiles is needed to take migrations back, and what was written down is what runs.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../../compiler/migrate/migrate.ts';
import type { UndoPlan, UndoQuestion } from '../../compiler/migrate/undo-plan.ts';
import { withClient } from '../support/database.ts';
import { startServer, testMajors } from '../support/servers.ts';
import type { TestServer } from '../support/servers.ts';
import { describeDatabase, query } from './observe.ts';
import { createProject } from './project.ts';
import type { TestProject } from './project.ts';

const script = (step: string): string => `-- schemac migration 0003_down_to_0001
-- Takes back.
\\set ON_ERROR_STOP on

-- step 1 transactional: Drop c.
DROP TABLE public.c;

-- step 2 transactional: Drop b.
${step};
`;

describe.each(testMajors)('PostgreSQL %d', (major) => {
  let server: TestServer;
  let project: TestProject;

  beforeAll(async () => {
    server = await startServer(major);
    project = await createProject({
      '0001_a': 'CREATE TABLE public.a (id int);',
      '0002_b': 'CREATE TABLE public.b (id int);',
      '0003_c': 'CREATE TABLE public.c (id int);',
    });
  });
  afterAll(async () => {
    await server.stop();
    await project.remove();
  });

  it('each step as it is done, and the migrations as pending when all are', async () => {
    const url = await server.createDatabase();
    const { generated } = project;
    await migrate({ generated, url, to: 1 });
    const before = await describeDatabase(url);
    await migrate({ generated, url });
    const asked: UndoQuestion[] = [];
    const undo = (step: string): ReturnType<typeof migrate> => {
      const plan = (question: UndoQuestion): Promise<UndoPlan> => {
        asked.push(question);
        const promised = { head: '', major, state: new Map(), carried: [] };
        return Promise.resolve({ name: '0003_down_to_0001', script: script(step), losses: [], asked: [], notices: [], promised });
      };
      return migrate({ generated, url, action: { action: 'down', to: 1, how: 'apply', plan, allow: [] } });
    };
    const failed = await undo('DROP TABLE public.nothing, public.b');
    expect([failed.undone, failed.pending, failed.diagnostics.map(({ code }) => code)]).toEqual([
      [],
      ['0003_c', '0002_b'],
      ['step-failed'],
    ]);
    expect(asked.map(({ applied, to }) => [applied.map(({ name }) => name), to])).toEqual([[['0001_a', '0002_b', '0003_c'], 1]]);
    await withClient(url, async (client) => {
      expect(await query(client, 'SELECT number, state FROM schemac.migration ORDER BY 1')).toEqual([
        [1, 'done'],
        [2, 'undoing'],
        [3, 'undoing'],
      ]);
      expect(await query(client, 'SELECT step, state FROM schemac.undo_step ORDER BY 1')).toEqual([
        [1, 'done'],
        [2, 'failed'],
      ]);
      // It runs what was written down, not what the same question would be answered with now.
      await client.query('CREATE TABLE public.nothing (id int)');
    });
    const finished = await undo('DROP TABLE public.a');
    expect([finished.undone, finished.pending, finished.diagnostics, asked.length]).toEqual([['0003_c', '0002_b'], [], [], 1]);
    expect(await describeDatabase(url)).toEqual(before);
    expect((await migrate({ generated, url, verify: 'off' })).applied).toEqual(['0002_b', '0003_c']);
  });
});
