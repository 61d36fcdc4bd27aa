/**
 * All that the compiler knows of opaque objects: their SQL is run as a person wrote it, and no
 * catalog can give it back. Migrations carry it, so that a replay knows what they made.
 */
import { statement, type Carried, type Statement } from '../../model/statement.ts';
import { splitScript } from '../../sql/script.ts';
import { fail } from '../../model/diagnostic.ts';
import { optional } from '../catalog.ts';
import type { Kind, PlanContext } from '../contract.ts';
import { opaqueAuthor } from './author.ts';
import type { Opaque } from './object.ts';

/** The statements of one text; what psql alone understands has no place in it. */
function statementsOf(opaque: Opaque, which: 'create' | 'drop'): readonly string[] {
  return splitScript(opaque.attributes[which], `${opaque.id}, ${which}`).map((item) => {
    if (item.item === 'statement' && item.terminator !== '\\gexec') return item.sql;
    return fail('opaque-psql-command', `the ${which} SQL of ${opaque.id} has a psql command in it`, {
      subject: opaque.id,
      hint: 'write SQL alone',
    });
  });
}

/** No catalog knows it: its SQL, and what that needs and makes. */
function carried(opaque: Opaque): Carried {
  return { object: opaque.id, attribute: '*', value: { ...opaque.attributes }, dependsOn: opaque.dependsOn };
}

/** All in one transaction, unless the plan has the object in a group of its own. */
function create(opaque: Opaque): readonly Statement[] {
  const texts = statementsOf(opaque, 'create');
  return texts.map((sql, place) => {
    const isLast = place === texts.length - 1;
    return statement({
      sql,
      purpose: `Create ${opaque.id}${texts.length === 1 ? '' : `, ${String(place + 1)} of ${String(texts.length)}`}, as its declaration says.`,
      subject: opaque.id,
      atomic: `create ${opaque.id}`,
      needs: opaque.dependsOn,
      makes: isLast ? [opaque.id, ...opaque.attributes.owns] : [],
      early: true,
      ...(isLast
        ? {
            carries: carried(opaque),
            reverse: opaque.attributes.drop.trim().replace(/;$/, ''),
          }
        : {}),
    });
  });
}

function drop(opaque: Opaque, context: PlanContext): readonly Statement[] {
  const texts = statementsOf(opaque, 'drop');
  return texts.map((sql, place) => {
    const isLast = place === texts.length - 1;
    return statement({
      sql,
      purpose: `Drop ${opaque.id}${texts.length === 1 ? '' : `, ${String(place + 1)} of ${String(texts.length)}`}, as its declaration says.`,
      subject: opaque.id,
      atomic: `drop ${opaque.id}`,
      destroys: isLast ? [opaque.id, ...opaque.attributes.owns] : [],
      phase: context.after.has(opaque.id) ? 'expand' : 'contract',
      ...(isLast
        ? { carries: { object: opaque.id, attribute: '*', value: null }, reverse: opaque.attributes.create.trim().replace(/;$/, '') }
        : {}),
    });
  });
}

/** Another way to drop it is only noted: running the old one to note the new one would be no favour. */
function note(before: Opaque, after: Opaque, what: string): readonly Statement[] {
  if (before.attributes.create !== after.attributes.create) return [];
  return [
    statement({
      sql: 'DO $$ BEGIN END $$',
      purpose: `Note ${what} ${after.id}; nothing runs now.`,
      subject: after.id,
      carries: carried(after),
    }),
  ];
}

export const opaqueKind: Kind<Opaque> = {
  kind: 'opaque',
  introspect: {
    query: () => 'SELECT 1 AS none WHERE false',
    read: () => undefined,
  },
  create,
  drop,
  alter: {
    create: { statements: 'replace' },
    drop: { statements: (before, after) => note(before, after, 'another way to drop') },
    // The same SQL, on a schema in which it makes something else.
    owns: {
      statements: (before, after) => (before.attributes.drop === after.attributes.drop ? note(before, after, 'what belongs to') : []),
    },
  },
  describe: (opaque, context) => [
    {
      node: 'note',
      id: opaque.id,
      title: 'opaque object',
      name: opaque.path[0] ?? '',
      definition: opaque.attributes.create,
      ...optional('doc', context.annotation(opaque.id).doc),
    },
  ],
  author: opaqueAuthor,
};
