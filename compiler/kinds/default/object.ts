/** A column's default, as an object: `default public.digests.created_at`. `facts.volatility` is i, s or v. */
import type { SchemaObject } from '../../model/object.ts';

export interface DefaultAttributes {
  readonly expression: string;
}
export type Default = SchemaObject<'default', DefaultAttributes>;
