/** A declared schema becomes an object. Nothing but the name. */
import { address } from '../../model/address.ts';
import type { Schema } from './object.ts';

export function declareSchema(name: string): Schema {
  return { kind: 'schema', id: address('schema', name), path: [name], attributes: {}, dependsOn: [] };
}
