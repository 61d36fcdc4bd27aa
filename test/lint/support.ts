/**
 * Lint on what PostgreSQL makes of a schema: the text of a file is loaded, elaborated in an embedded
 * engine and, where there is a schema before it, planned as the migration that leads from one to the other.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diff } from '../../compiler/diff/diff.ts';
import * as words from '../../compiler/dsl/index.ts';
import type { Engine } from '../../compiler/engine/engine.ts';
import { openEngine } from '../../compiler/engine/open.ts';
import { lint } from '../../compiler/lint/lint.ts';
import type { DeclaredSchema } from '../../compiler/model/declared.ts';
import type { Diagnostic } from '../../compiler/model/diagnostic.ts';
import type { State } from '../../compiler/model/object.ts';
import type { Statement } from '../../compiler/model/statement.ts';
import type { QueryPlan } from '../../compiler/model/workload.ts';
import { makePlan } from '../../compiler/plan/plan.ts';
import { elaborate } from '../../compiler/prove/elaborate.ts';
import { readState, runStep, setProofClock } from '../../compiler/prove/run.ts';
import { planTransition } from '../../compiler/prove/transition.ts';
import { planQueries, planRequest } from '../../compiler/workload/plan-queries.ts';
import { volumesOf } from '../../compiler/workload/volumes.ts';
import { loadFiles } from '../load/project.ts';

export interface Linter {
  /** What lint says of the text, after a migration from `before` or with nothing pending. */
  readonly lint: (text: string, before?: string, today?: string) => Promise<readonly Diagnostic[]>;
  /** The declarations and the state that lint sees. */
  readonly elaborated: (text: string) => Promise<{ readonly declared: DeclaredSchema; readonly state: State }>;
  readonly close: () => Promise<void>;
}

/** Loads the text with every word of the language imported on its first line. */
async function declare(text: string): Promise<DeclaredSchema> {
  const declared = await loadFiles({ 'schema/main.ts': `import { ${Object.keys(words).join(', ')} } from 'schemac';\n${text}` });
  if (declared.diagnostics.length > 0) throw new Error(declared.diagnostics.map(({ message }) => message).join('\n'));
  return declared;
}

const nothing: State = new Map();

async function statementsBetween(engine: Engine, before: State, after: State, declared: DeclaredSchema): Promise<readonly Statement[]> {
  const { transactions } = makePlan({
    before: nothing,
    after: before,
    changes: diff(nothing, before),
    major: engine.identity.major,
    annotation: () => ({}),
  });
  await setProofClock(engine);
  try {
    for (const statement of transactions.flatMap(({ statements }) => statements)) await runStep(engine, statement);
    const transition = await planTransition({
      engine,
      before,
      after,
      target: declared.project.postgres,
      annotation: (id) => declared.annotations.get(id) ?? {},
      read: () => readState(engine, 'transaction'),
    });
    return transition.statements;
  } finally {
    await engine.execute('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  }
}

async function plansOf(cacheFolder: string, declared: DeclaredSchema): Promise<readonly QueryPlan[]> {
  const request = planRequest(declared, volumesOf(declared), { cacheFolder, extensions: [], from: 'nothing' });
  const answer = await planQueries(request, Promise.resolve(undefined));
  if ('why' in answer) throw new Error(answer.why);
  return answer.plans;
}

export async function openLinter(): Promise<Linter> {
  const folder = mkdtempSync(join(tmpdir(), 'schemac-lint-'));
  const engine = await openEngine({ cacheFolder: folder });
  const elaborated: Linter['elaborated'] = async (text) => {
    const declared = await declare(text);
    return { declared, state: await elaborate(engine, declared) };
  };
  return {
    elaborated,
    lint: async (text, before, today) => {
      const { declared, state } = await elaborated(text);
      const statements = before === undefined ? [] : await statementsBetween(engine, (await elaborated(before)).state, state, declared);
      const plans = declared.queries.length === 0 ? [] : await plansOf(folder, declared);
      return lint({ declared, state, statements, plans, ...(today === undefined ? {} : { today }) });
    },
    close: async () => {
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
