/** Addresses that the project's ignore list names, and reasons that suppressions must give. */
import { parseAddress } from '../model/address.ts';
import type { Address } from '../model/address.ts';
import { isDeclaration } from '../dsl/declaration.ts';
import type { Declaration } from '../dsl/declaration.ts';
import type { ProjectDeclaration } from '../dsl/design.ts';
import type { SchemaContext } from './compose-table.ts';

/**
 * Checks the ignore list. What it names need not be declared, since it is mostly about what nobody
 * declares, but it must be an address, and must not name what is declared: one of the two is wrong.
 */
export function checkMentions(declarations: readonly Declaration[], known: ReadonlySet<Address>, context: SchemaContext): void {
  const project = declarations.find((each): each is ProjectDeclaration => isDeclaration(each, 'project'));
  for (const { address, reason, until } of project?.definition.ignore ?? []) {
    const where = { at: project?.origin ?? {}, keys: ['ignore'] };
    if (parseAddress(address) === undefined) {
      context.report({
        code: 'invalid-address',
        message: `ignore names \`${address}\`, which is no address`,
        hint: 'write a kind and a path, such as `table public.legacy_*`',
        ...where,
      });
    } else if (known.has(address)) {
      context.report({
        code: 'ignored-and-declared',
        message: `\`${address}\` is declared and ignored`,
        hint: 'take it out of ignore, or out of the schema',
        ...where,
      });
    }
    if (reason.trim() === '') {
      context.report({
        code: 'no-reason',
        message: `ignore names \`${address}\` without a reason`,
        hint: 'say why it is left alone',
        ...where,
      });
    }
    if (until !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(until)) {
      context.report({
        code: 'invalid-date',
        message: `ignore of \`${address}\` ends on ${JSON.stringify(until)}`,
        hint: "write an ISO date: '2026-03-31'",
        ...where,
      });
    }
  }
}
