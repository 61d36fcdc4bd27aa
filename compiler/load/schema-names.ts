/**
 * PostgreSQL's namespaces: relations (tables, views, sequences, indexes) and types share one name each
 * per schema, constraints one per table. Every name is claimed here once; a second claim, also one
 * that is the same only after PostgreSQL cuts both to 63 bytes, is a mistake.
 */
import type { Address } from '../model/address.ts';
import type { Origin } from '../dsl/declaration.ts';
import type { Mistake } from './context.ts';
import { nameBytes, nameGiver, nameLimit, shortened } from './names.ts';
import type { NameGiver } from './names.ts';

export interface Claim {
  /** `relation public`, `type public`, `constraint public.digests`: who may not have the same name. */
  readonly namespaces: readonly string[];
  readonly name: string;
  /** For messages: `table "digests"`. */
  readonly what: string;
  readonly subject?: Address;
  readonly at: Origin;
  readonly keys: readonly string[];
}

/** The namespace of the constraints of a table. */
export function constraintSpace(path: readonly string[]): string {
  return `constraint ${path.join('.')}`;
}

export interface SchemaNames {
  /** Names for relations of a schema that nobody wrote. */
  giver(namespace: string): NameGiver;
  claim(claim: Claim): void;
}

export function schemaNames(report: (mistake: Mistake) => void): SchemaNames {
  const givers = new Map<string, NameGiver>();
  const claims = new Map<string, Claim>();
  return {
    giver(namespace) {
      let giver = givers.get(namespace);
      if (giver === undefined) givers.set(namespace, (giver = nameGiver(new Set())));
      return giver;
    },
    claim(claim) {
      checkLength(claim, report);
      for (const namespace of claim.namespaces) {
        const key = `${namespace} ${cut(claim.name)}`;
        const first = claims.get(key);
        if (first === undefined) claims.set(key, claim);
        else reportDuplicate(claim, first, namespace, report);
        if (first !== undefined) return;
      }
    },
  };
}

/** What PostgreSQL makes of a longer name: 63 bytes, no broken character. */
function cut(name: string): string {
  if (nameBytes(name) <= nameLimit) return name;
  return new TextDecoder().decode(Buffer.from(name).subarray(0, nameLimit)).replace(/\uFFFD+$/, '');
}

function checkLength(claim: Claim, report: (mistake: Mistake) => void): void {
  if (claim.name === '' || claim.name.includes('\0')) {
    report({ ...claim, code: 'invalid-name', message: `${claim.what} has no name that PostgreSQL can hold`, hint: 'give it a name' });
  } else if (nameBytes(claim.name) > nameLimit) {
    report({
      ...claim,
      code: 'name-too-long',
      message: `${claim.what} has a name of ${nameBytes(claim.name)} bytes; PostgreSQL cuts names after ${nameLimit}`,
      hint: `shorten it, for example to ${JSON.stringify(shortened(claim.name))}`,
    });
  }
}

function reportDuplicate(claim: Claim, first: Claim, namespace: string, report: (mistake: Mistake) => void): void {
  const same = claim.name === first.name;
  report({
    ...claim,
    code: 'duplicate-name',
    message: same
      ? `${claim.what} has the name of ${first.what}`
      : `${claim.what} and ${first.what} have the same name after PostgreSQL cuts both to ${nameLimit} bytes`,
    hint: `PostgreSQL keeps one name per ${namespace.split(' ')[0]} ${namespace.startsWith('constraint') ? 'in a table' : 'in a schema'}; rename one of them`,
  });
}
