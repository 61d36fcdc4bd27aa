/** All that the compiler knows of procedures beside what functions have as well (manual: CREATE PROCEDURE). */
import { address } from '../../model/address.ts';
import type { AttributeRules, Kind } from '../contract.ts';
import type { RoutineAttributes } from '../routine.ts';
import { routineAttributes, routineEntries, routineIdentities, routinePath, routineQuery } from '../routine-introspect.ts';
import {
  createRoutine,
  describeRoutine,
  dropRoutine,
  isReplaceableRoutine,
  renameRoutine,
  routineRule,
  type RoutineForm,
} from '../routine-sql.ts';
import { procedureAuthor } from './author.ts';
import type { Procedure } from './object.ts';

const form: RoutineForm<Procedure> = {
  word: 'PROCEDURE',
  clauses: () => ({ returns: '', more: [] }),
  isReplaceable: isReplaceableRoutine,
  changeHazards: () => [],
};

const rule = (attribute: keyof RoutineAttributes) => routineRule(form, attribute);

const rules: AttributeRules<Procedure> = {
  arguments: rule('arguments'),
  language: rule('language'),
  body: rule('body'),
  bodyForm: rule('bodyForm'),
  library: rule('library'),
  securityDefiner: rule('securityDefiner'),
  settings: rule('settings'),
  transforms: rule('transforms'),
};

export const procedureKind: Kind<Procedure> = {
  kind: 'procedure',
  introspect: {
    entries: routineEntries(['p']),
    query: () => routineQuery(['p']),
    read: (row) => {
      const path = routinePath(row);
      return {
        object: { kind: 'procedure', id: address('procedure', ...path), path, attributes: routineAttributes(row) },
        identities: routineIdentities(row),
      };
    },
  },
  create: createRoutine(form),
  drop: dropRoutine(form),
  alter: rules,
  rename: renameRoutine('PROCEDURE'),
  describe: describeRoutine(form),
  author: procedureAuthor,
};
