/**
 * Plans an undo when one is asked for, and once for all databases that have the same: until then
 * nothing of what compiles is loaded, so that a deploy image needs none of it.
 */
import { resolve } from 'node:path';
import { fail } from '../model/diagnostic.ts';
import type { Address } from '../model/address.ts';
import type { PlanUndo, UndoPlan, UndoQuestion } from '../migrate/undo-plan.ts';

export interface UndoPlannerSettings {
  readonly generated: string;
  readonly fills: ReadonlyMap<Address, string>;
  readonly engine?: string;
}

/** What a plan depends on. */
function keyOf({ applied, begun, to, major }: UndoQuestion): string {
  return JSON.stringify([applied.at(-1)?.chainedHash, begun?.migration.fileHash, [...(begun?.done ?? [])], to, major]);
}

/** Node's codes for a package that is not there, by import and by require. */
const notFound: readonly unknown[] = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'];

function withoutCompiler(error: unknown): never {
  if (!(error instanceof Error && 'code' in error && notFound.includes(error.code))) throw error;
  return fail(
    'undo-needs-compiler',
    `planning an undo needs what compiles, which is not installed here: ${error.message.split('\n', 1)[0] ?? ''}`,
    {
      hint: 'run it where the whole package is installed: npm install; an undo that was begun is finished without it',
    },
  );
}

async function planWith({ generated, fills, engine }: UndoPlannerSettings, question: UndoQuestion): Promise<UndoPlan> {
  const [{ planUndo }, { engineRequestFor }] = await Promise.all([import('./plan-undo.ts'), import('./engine-request.ts')]);
  const { extensions: _, ...request } = engineRequestFor({
    root: resolve(generated, '..'),
    ...(engine === undefined ? {} : { engine }),
  });
  return planUndo(question, { engine: request, generated, fills });
}

export function undoPlanner(settings: UndoPlannerSettings): PlanUndo {
  const plans = new Map<string, Promise<UndoPlan>>();
  return (question) => {
    const key = keyOf(question);
    const plan = plans.get(key) ?? planWith(settings, question).catch(withoutCompiler);
    plans.set(key, plan);
    return plan;
  };
}
