/**
 * Objects that must be dropped and made again in one transaction, as a group that their statements
 * bear the name of. Says nothing of how a group comes about.
 */
import type { Statement } from '../model/statement.ts';

export interface Group {
  readonly name: string;
  /** Set where every change that it is about waits for the deploy. */
  readonly phase?: 'contract';
  /** Set where what is made anew takes over the rows of what it replaces: taking back a single statement would lose them. */
  readonly keepsRows?: true;
}

/** Fast statements of a group share its transaction; long ones come before or after it. */
export function inGroup(statements: readonly Statement[], group: Group | undefined): readonly Statement[] {
  if (group === undefined) return statements;
  return inPhaseOf(statements, group).map((step): Statement => {
    if (step.step !== 'transactional' || step.fold !== undefined || step.apart !== undefined) return step;
    // Its name was there before too: neither tells anything of this statement alone.
    const { reverse: _reverse, probe: _probe, ...rest } = step;
    return group.keepsRows === true ? { ...rest, atomic: group.name } : { ...step, atomic: group.name };
  });
}

export function inPhaseOf(statements: readonly Statement[], group: Group | undefined): readonly Statement[] {
  return group?.phase === undefined ? statements : statements.map((step): Statement => ({ ...step, phase: 'contract' }));
}
