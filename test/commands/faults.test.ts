/**
 * A run that is killed, or meets a full disk, at any step of its writing leaves the previous state or
 * the new one, and the next run gives exactly the right result. Caches that are damaged are made again.
 */
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { compareFiles, finishWriting, isWritingUnfinished, listFiles, writeFiles } from '../../compiler/workspace/files.ts';
import { users } from './schemas.ts';
import { runChild, runWriter } from './child.ts';
import { codes, createProject, expectDone, filesBelow, finding, type Project } from './support.ts';

const schema = 'schema/users.ts';
const lock = 'generated/migrations/migrations.lock';
const age = users("age: integer({ doc: 'Years.', nullable: true }),");
const height = users("height: integer({ doc: 'Centimetres.', nullable: true }),");

/** A project with two migrations, and the same with the second one amended: files change, come and go. */
let base: Project;
let amended: Project;

beforeAll(async () => {
  base = await createProject({ [schema]: users() });
  expectDone(await base.compile());
  base.write({ [schema]: age });
  expectDone(await base.compile({ name: 'age' }));
  amended = await base.copy();
  amended.write({ [schema]: height });
  expectDone(await amended.compile({ history: 'amend', name: 'height' }));
});

/** The folder of the previous state, and the new state as the writer takes it. */
function scene(): { readonly folder: string; readonly file: string; readonly fresh: () => void } {
  const folder = join(base.root, 'broken');
  const file = join(base.root, 'new.json');
  const order = ['migrations/0002_height.sql', 'migrations/migrations.lock', 'snapshot.json'];
  writeFileSync(file, JSON.stringify({ files: [...amended.generated()], order }));
  const fresh = (): void => {
    rmSync(folder, { recursive: true, force: true });
    cpSync(join(base.root, 'generated'), folder, { recursive: true });
  };
  return { folder, file, fresh };
}

const preload = 'preload-faults.mjs';

test('a kill at any step leaves the previous state or the new one', async () => {
  const { folder, file, fresh } = scene();
  const outcomes: string[] = [];
  for (let at = 1; ; at += 1) {
    fresh();
    const { signal } = await runWriter(folder, file, {
      preload,
      environment: { FAULT: 'kill', FAULT_AT: String(at), FAULT_BELOW: folder },
    });
    if (signal === null) break;
    expect(signal).toBe('SIGKILL');
    const isUnfinished = isWritingUnfinished(folder);
    if (isUnfinished) {
      finishWriting(folder);
      expect(filesBelow(folder), `step ${at}`).toEqual(amended.generated());
    } else {
      const { missing, different, extra } = compareFiles(folder, base.generated());
      const isNew =
        filesBelow(folder).size === amended.generated().size && compareFiles(folder, amended.generated()).different.length === 0;
      expect(isNew ? [] : [...missing, ...different, ...extra], `step ${at}`).toEqual([]);
    }
    await writeFiles(folder, amended.generated(), { order: [], isOurs: () => true });
    expect(filesBelow(folder), `step ${at}`).toEqual(amended.generated());
    outcomes.push(isUnfinished ? 'new' : 'previous');
  }
  expect(filesBelow(folder)).toEqual(amended.generated());
  // Files to write, files to rename, files to remove: there were steps on both sides of the decision.
  expect(outcomes.filter((outcome) => outcome === 'previous').length).toBeGreaterThan(8);
  expect(outcomes.filter((outcome) => outcome === 'new').length).toBeGreaterThan(8);
  expect(outcomes.join(' ')).toMatch(/^(previous )+(new ?)+$/);
});

test('a disk that is full from any write on leaves the previous state and no temporary file', async () => {
  const { folder, file, fresh } = scene();
  let refused = 0;
  for (let at = 1; ; at += 1) {
    fresh();
    const { exitCode, errors } = await runWriter(folder, file, {
      preload,
      environment: { FAULT: 'ENOSPC', FAULT_AT: String(at), FAULT_BELOW: folder },
    });
    if (exitCode === 0) break;
    refused += 1;
    expect(errors).toContain('ENOSPC');
    expect(filesBelow(folder), `write ${at}`).toEqual(base.generated());
  }
  expect(refused).toBeGreaterThan(8);
  expect(filesBelow(folder)).toEqual(amended.generated());
});

describe('a compile', () => {
  test('killed before it decided: nothing happened; the next one does all of it', async () => {
    const project = await base.copy();
    project.write({ [schema]: height });
    const given = { history: 'amend', name: 'height' } as const;
    const generated = join(project.root, 'generated');
    expect(
      (await runChild(project, { preload, given, environment: { FAULT: 'kill', FAULT_AT: '5', FAULT_BELOW: generated } })).signal,
    ).toBe('SIGKILL');
    expect(filesBelow(generated).size).toBeGreaterThan(listFiles(generated).length);
    expect(compareFiles(generated, base.generated())).toEqual({ missing: [], different: [], extra: [] });
    expectDone(await project.compile(given));
    expect(project.generated()).toEqual(amended.generated());
  });

  test('killed after it decided: check says so, the next compile finishes it', async () => {
    const project = await base.copy();
    project.write({ [schema]: height });
    const generated = join(project.root, 'generated');
    // Half way through the renames: see the outcomes of the steps above.
    const environment = { FAULT: 'kill', FAULT_AT: '25', FAULT_BELOW: generated };
    expect((await runChild(project, { preload, given: { history: 'amend', name: 'height' }, environment })).signal).toBe('SIGKILL');
    expect(isWritingUnfinished(generated)).toBe(true);
    const found = await project.check();
    expect([found.exitCode, codes(found), finding(found, 'write-interrupted').hint]).toEqual([
      2,
      ['write-interrupted'],
      'run npm run compile and commit what it writes',
    ]);
    const finished = await project.compile();
    expectDone(finished);
    expect(finished.json).toMatchObject({ migration: null });
    expect(project.generated()).toEqual(amended.generated());
  });

  test.each([
    { fault: 'ENOSPC', words: 'the disk is full (ENOSPC)', remedy: 'make room' },
    { fault: 'EACCES', words: 'permission is denied (EACCES)', remedy: 'make it writable' },
    { fault: 'EROFS', words: 'the file system is read-only (EROFS)', remedy: 'make it writable' },
  ])('that meets $fault says so, and changes nothing', async ({ fault, words, remedy }) => {
    const project = await base.copy();
    project.write({ [schema]: height });
    const environment = { FAULT: fault, FAULT_AT: '4', FAULT_BELOW: join(project.root, 'generated') };
    const { result } = await runChild(project, { preload, given: { history: 'amend' }, environment });
    expect(result?.exitCode).toBe(1);
    expect(result?.diagnostics).toEqual([
      {
        code: 'cannot-write',
        severity: 'error',
        message: expect.stringMatching(/^generated\/\S+ cannot be written: /),
        hint: `${remedy}, then run npm run compile: nothing in generated/ was changed`,
      },
    ]);
    expect(result?.diagnostics[0]?.message).toContain(words);
    expect(project.generated()).toEqual(base.generated());
  });

  test('that cannot write its temporary files either', async () => {
    const project = await base.copy();
    const { result } = await runChild(project, { preload, environment: { FAULT: 'ENOSPC', FAULT_AT: '1', FAULT_BELOW: project.root } });
    expect(result?.diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ['cannot-write', expect.stringMatching(/^\.schemac\/\S+ cannot be written: the disk is full \(ENOSPC\)$/)],
    ]);
    expect(project.generated()).toEqual(base.generated());
  });

  test('cleans up what an earlier crash left, also when it has nothing to write', async () => {
    const project = await base.copy();
    project.write({
      'generated/docs/README.md.schemac-new': 'half',
      'generated/erd/gone.mmd.schemac-new': 'half',
      'generated/journal.schemac-new.part': '{',
    });
    expect((await project.check()).exitCode).toBe(0);
    expectDone(await project.compile());
    expect(project.generated()).toEqual(base.generated());
  });
});

describe('a snapshot', () => {
  const damages: readonly (readonly [string, (text: string) => string])[] = [
    ['cut off', (text) => text.slice(0, text.length / 2)],
    ['with one character changed', (text) => text.replace('"mail"', '"nail"')],
    ['of another head', () => amended.read('generated/snapshot.json')],
    ['that is no JSON, with a digest that fits nothing', () => '{"snapshot":[\n\n],\n"digest":"00"}\n'],
    ['empty', () => ''],
  ];
  test.each(damages)('%s is made again', async (_, damage) => {
    const project = await base.copy();
    const text = damage(project.read('generated/snapshot.json'));
    expect(text).not.toBe(project.read('generated/snapshot.json'));
    project.write({ 'generated/snapshot.json': text });
    const result = await project.compile();
    expectDone(result);
    expect(result.json).toMatchObject({ migration: null, written: ['snapshot.json'] });
    expect(project.generated()).toEqual(base.generated());
  });
});

describe('a lock', () => {
  const damages: readonly (readonly [string, string, (text: string) => string])[] = [
    ['cut off in a line', 'lock-format', (text) => text.slice(0, -30)],
    ['with a digit changed', 'lock-chain', (text) => text.replace(/^[0-9a-f]/m, (digit) => (digit === '0' ? '1' : '0'))],
    ['without its first line', 'lock-chain', (text) => text.replace(/^[0-9a-f]{64} .*\n/m, '')],
    ['with text in it', 'lock-format', (text) => `${text}hello\n`],
  ];
  test.each(damages)('%s is refused with the command that takes it back', async (_, code, damage) => {
    const project = await base.copy();
    project.write({ [lock]: damage(project.read(lock)) });
    const before = project.generated();
    const refused = await project.compile();
    expect([refused.exitCode, codes(refused)]).toEqual([1, [code]]);
    expect(finding(refused, code)).toMatchObject({
      place: { file: expect.stringMatching(/migrations\.lock$/) },
      hint: expect.stringContaining(`git checkout -- ${lock}`),
    });
    expect(project.generated()).toEqual(before);
  });

  test('that was cut between two lines names the migration that it lost', async () => {
    const project = await base.copy();
    project.write({ [lock]: project.read(lock).replace(/^.*0002_age\n/m, '') });
    expect(finding(await project.compile(), 'migration-extra').message).toContain('0002_age.sql');
  });
});
