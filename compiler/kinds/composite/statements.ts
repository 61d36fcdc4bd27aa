/**
 * How a composite type is made, dropped and altered (manual: CREATE TYPE, ALTER TYPE). New attributes
 * come last, as PostgreSQL appends them; another order means another type, which is refused where
 * columns hold values of it.
 */
import { pathText } from '../../model/address.ts';
import { fail } from '../../model/diagnostic.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { qualifiedName } from '../../sql/quote.ts';
import type { AttributeRules, PlanContext } from '../contract.ts';
import { hazard } from '../statements.ts';
import { holdersOf, namedHolders } from '../type-users.ts';
import type { Composite } from './object.ts';

export function createComposite(composite: Composite): readonly Statement[] {
  const head = `CREATE TYPE ${qualifiedName(composite.path)} AS`;
  return [
    statement({
      sql: `${head} ()`,
      purpose: `Create composite type ${pathText(composite.path)}.`,
      subject: composite.id,
      needs: composite.dependsOn,
      makes: [composite.id],
      accepts: { style: 'list', head, tail: '' },
      probe: `present ${composite.id}`,
      reverse: `DROP TYPE ${qualifiedName(composite.path)}`,
    }),
  ];
}

export function dropComposite(composite: Composite, context: PlanContext): readonly Statement[] {
  const comesBack = context.after.get(composite.id) as Composite | undefined;
  if (comesBack !== undefined) refuseWhileHeld(composite, comesBack, context);
  return [
    statement({
      sql: `DROP TYPE ${qualifiedName(composite.path)}`,
      purpose: `Drop composite type ${pathText(composite.path)}${comesBack === undefined ? '' : ', to be made again'}.`,
      subject: composite.id,
      destroys: [composite.id],
      hazards:
        comesBack === undefined
          ? [hazard('application-order', composite.id, 'no running version of the application may use the type any more')]
          : [],
      probe: `absent ${composite.id}`,
      phase: comesBack === undefined ? 'contract' : 'expand',
    }),
  ];
}

function refuseWhileHeld(before: Composite, after: Composite, context: PlanContext): void {
  const holders = holdersOf(before.id, context.before);
  if (holders.length === 0) return;
  const now = after.attributes.order.join(', ');
  fail(
    'type-in-use',
    `composite type ${pathText(after.path)} would have to be made anew to have its attributes in the order ${now}, and ${namedHolders(holders)} holds values of it`,
    {
      subject: after.id,
      hint: `PostgreSQL appends attributes and never moves them: write those that are there (${before.attributes.order.join(', ')}) in their order and new ones last, or declare a new type and change the columns to it`,
    },
  );
}

/** Whether dropping and appending lead from one order to the other. */
function isReachable(before: Composite, after: Composite): boolean {
  const [old, now] = [before.attributes.order, after.attributes.order];
  const kept = old.filter((name) => now.includes(name));
  return kept.every((name, place) => now[place] === name);
}

export const compositeRules: AttributeRules<Composite> = {
  // The attributes themselves are added and dropped as objects.
  order: { statements: 'ignore', replaces: (before, after) => !isReachable(before, after) },
};
