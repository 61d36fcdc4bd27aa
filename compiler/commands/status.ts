/**
 * The verb `status`: where a database stands, as data and as lines. Changes nothing.
 */
import { numberText } from '../sql/migrations-lock.ts';
import { status } from '../migrate/status.ts';
import type { StatusResult, StepStatus } from '../migrate/status.ts';
import type { CommandResult } from './result.ts';

export interface StatusArguments {
  /** The generated folder; `generated` by default. */
  readonly generated?: string;
  /** `--url`; DATABASE_URL and then libpq's variables stand in for it. */
  readonly url?: string;
  readonly stateSchema?: string;
}

function stepLines(steps: readonly StepStatus[]): readonly string[] {
  return steps.map(
    ({ step, purpose, state, error }) => `           step ${String(step)} ${state}: ${purpose}${error === undefined ? '' : ` (${error})`}`,
  );
}

function describe(result: StatusResult): readonly string[] {
  const { applied, pending, afterDeploy, halfDone, edited, unknown, undoing, partly } = result;
  const last = applied.at(-1);
  const counts = [
    `${String(applied.length)} applied${last === undefined ? '' : `, the last one ${last.name}`}`,
    `${String(pending.length)} pending`,
    `${String(halfDone.length)} half done`,
    `${String(edited.length)} edited`,
    `${String(unknown.length)} unknown`,
  ];
  return [
    `${result.database}: ${counts.join(' · ')}`,
    ...halfDone.flatMap(({ name, startedAt, steps }) => [`half done  ${name}, begun ${startedAt}`, ...stepLines(steps)]),
    ...(undoing === undefined
      ? []
      : [
          `undoing    ${undoing.names.join(', ')}, back to ${numberText(undoing.to)}, begun ${undoing.startedAt}`,
          ...stepLines(undoing.steps),
        ]),
    ...(partly === undefined ? [] : [`folded     ${partly.baseline}: the database has ${partly.applied.join(', ')} of what it stands for`]),
    ...pending.map((name) => `pending    ${name}${afterDeploy.includes(name) ? ', contract: after the deploy' : ''}`),
    ...edited.map(({ name, recordedName }) => `edited     ${name}${recordedName === name ? '' : ` (the database has ${recordedName})`}`),
    ...unknown.map((name) => `unknown    ${name}`),
  ];
}

/** Exit code 0 when everything is applied, 2 when something is left or differs, 1 when it could not be found out. */
export async function statusCommand(given: StatusArguments): Promise<CommandResult> {
  const url = given.url ?? process.env['DATABASE_URL'];
  const result = await status({
    generated: given.generated ?? 'generated',
    ...(url === undefined ? {} : { url }),
    ...(given.stateSchema === undefined ? {} : { stateSchema: given.stateSchema }),
  });
  const { applied, pending, halfDone, edited, unknown, undoing, partly, diagnostics } = result;
  const differs = pending.length + halfDone.length + edited.length + unknown.length > 0 || undoing !== undefined || partly !== undefined;
  if (!differs && diagnostics.length > 0 && applied.length === 0) return { exitCode: 1, diagnostics, json: result, lines: [] };
  return { exitCode: differs ? 2 : 0, diagnostics, json: result, lines: describe(result) };
}
