/** Default privileges as source: `defaultPrivileges({ on: 'tables', to: 'app_reader', privileges: ['select'] })`. */
import { address } from '../../model/address.ts';
import { arrayNode, callNode, declaredNode, valueNode } from '../../model/source.ts';
import type { Author } from '../author.ts';
import { everybody, owner, roleOf } from '../grantee.ts';
import { grantLiterals } from '../privilege-source.ts';
import type { DefaultPrivilege } from './object.ts';

export const defaultPrivilegeAuthor: Author<DefaultPrivilege> = {
  writes: 'declaration',
  author: (object) => {
    const { role, schema, objects, grantee } = object.attributes;
    const schemaNode = schema === undefined ? undefined : schema === 'public' ? valueNode(schema) : declaredNode(address('schema', schema));
    const head = { on: valueNode(objects), madeBy: role === undefined ? undefined : valueNode(role), schema: schemaNode };
    const calls = grantLiterals(grantee, object.attributes, head).map((literal) => callNode('defaultPrivileges', literal));
    const who = grantee === everybody ? 'everybody' : grantee === owner ? 'owner' : (roleOf(grantee) ?? '');
    const name = [role, schema, objects, who].filter((part) => part !== undefined).join('_');
    const value = calls.length === 1 && calls[0] !== undefined ? calls[0] : arrayNode(calls);
    return [{ piece: 'declaration', object: object.id, value, name, noun: 'privileges', home: { file: 'privileges' } }];
  },
};
