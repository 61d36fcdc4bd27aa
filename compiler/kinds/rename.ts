/**
 * How what has a schema and a name gets another one: first the schema, then the name, each a
 * statement, since ALTER takes one at a time. The word after ALTER is all that kinds differ in.
 */
import { pathText } from '../model/address.ts';
import type { SchemaObject } from '../model/object.ts';
import { statement, type Statement } from '../model/statement.ts';
import { qualifiedName, quoteName } from '../sql/quote.ts';
import { hazard, lock } from './statements.ts';

/** `word` is what follows ALTER: `VIEW`, `SEQUENCE`; `locks` says whether the object is a relation. */
export function renameObject(
  word: string,
  locks: 'a relation' | 'no relation',
): (before: SchemaObject, after: SchemaObject) => readonly Statement[] {
  return (before, after) => {
    const [oldSchema = '', oldName = ''] = before.path;
    const [schema = '', name = ''] = after.path;
    const step = (target: readonly string[], action: string, purpose: string, reverse: string): Statement =>
      statement({
        sql: `ALTER ${word} ${qualifiedName(target)} ${action}`,
        purpose,
        subject: after.id,
        locks: locks === 'a relation' ? lock('AccessExclusiveLock', before.id) : [],
        hazards: [hazard('backward-compatibility', after.id, `running code that names ${pathText(before.path)} fails from now on`)],
        reverse: `ALTER ${word} ${reverse}`,
      });
    const move = `Move ${pathText(before.path)} to schema ${schema}.`;
    const rename = `Rename ${pathText([schema, oldName])} to ${name}.`;
    return [
      ...(oldSchema === schema
        ? []
        : [
            step(
              before.path,
              `SET SCHEMA ${quoteName(schema)}`,
              move,
              `${qualifiedName([schema, oldName])} SET SCHEMA ${quoteName(oldSchema)}`,
            ),
          ]),
      ...(oldName === name
        ? []
        : [
            step([schema, oldName], `RENAME TO ${quoteName(name)}`, rename, `${qualifiedName(after.path)} RENAME TO ${quoteName(oldName)}`),
          ]),
    ];
  };
}
