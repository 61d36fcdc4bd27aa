/** Declared default privileges become an object; it needs its schema. */
import { address, pathText, type Address } from '../../model/address.ts';
import { privilegeList } from '../privileges.ts';
import type { DefaultPrivilege, DefaultPrivilegeAttributes } from './object.ts';

/** Every part that is a name is written as names are; `*` bare, so that it is no schema of that name. */
export function defaultPrivilegeAddress(of: Pick<DefaultPrivilegeAttributes, 'role' | 'schema' | 'objects' | 'grantee'>): Address {
  const role = of.role === undefined ? '' : `${pathText([of.role])}.`;
  return `default-privilege ${role}${of.schema === undefined ? '*' : pathText([of.schema])}.${of.objects}.${of.grantee}`;
}

export function defaultPrivilegeObject(attributes: DefaultPrivilegeAttributes): DefaultPrivilege {
  const { role, schema, objects, grantee, privileges, revoked } = attributes;
  return {
    kind: 'default-privilege',
    id: defaultPrivilegeAddress(attributes),
    path: [...(role === undefined ? [] : [role]), schema ?? '*', objects, grantee],
    attributes: { ...attributes, privileges: privilegeList(privileges), revoked: [...revoked].sort() },
    dependsOn: schema === undefined || schema === 'public' ? [] : [address('schema', schema)],
  };
}
