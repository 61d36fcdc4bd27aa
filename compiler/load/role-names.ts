/** Names of roles as the schema writes them: what cannot be one is refused, with what to write instead. */
import { everybody, granteeOf, type GranteeName } from '../kinds/grantee.ts';
import type { Context, Mistake } from './context.ts';
import { nameBytes, nameLimit } from './names.ts';

export interface RolePlace extends Pick<Mistake, 'at' | 'keys'> {
  /** For messages: `a grant on table "digests"`. */
  readonly what: string;
}

/** Words that SQL takes for whoever runs the statement; a role of such a name could not be told from them. */
const sessionWords = new Set(['current_user', 'current_role', 'session_user']);

function fault(name: unknown): readonly [message: string, hint: string] | undefined {
  if (typeof name !== 'string' || name === '' || name.includes('\0')) return ['names no role', 'give the name of a role'];
  const lower = name.toLowerCase();
  if (sessionWords.has(lower))
    return [`names ${name}, which is whoever runs the statement`, 'name a role: the schema is the same for everybody who applies it'];
  if (name !== 'public' && lower === 'public') return [`names ${name}; everybody is written in small letters`, "write 'public'"];
  if (lower === 'none') return [`names the role ${name}, which PostgreSQL reserves`, 'name another role'];
  if (nameBytes(name) > nameLimit)
    return [`names a role of ${nameBytes(name)} bytes; PostgreSQL cuts names after ${nameLimit}`, 'shorten the name'];
  return undefined;
}

/** Reports what is no role; `owner` takes one role alone, not everybody. */
export function roleNames(
  written: string | readonly string[] | undefined,
  place: RolePlace,
  context: Context,
  takes: 'grantees' | 'a role' = 'grantees',
): readonly GranteeName[] {
  const names = written === undefined ? [] : typeof written === 'string' ? [written] : written;
  return names.flatMap((name) => {
    const wrong: ReturnType<typeof fault> =
      takes === 'a role' && name === 'public' ? ['names public, which is everybody and no role', 'name a role'] : fault(name);
    if (wrong === undefined) return [name === 'public' ? everybody : granteeOf(name)];
    const { what, ...where } = place;
    context.report({ code: 'invalid-role', message: `${what} ${wrong[0]}`, hint: wrong[1], ...where });
    return [];
  });
}
