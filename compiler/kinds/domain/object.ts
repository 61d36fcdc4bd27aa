/** A domain, as an object: `domain public.email_address`. Its checks are part of it. */
import type { SchemaObject } from '../../model/object.ts';

export interface DomainCheck {
  readonly name: string;
  readonly expression: string;
  /** Present where values that were there are not looked at. */
  readonly validated?: false;
}

export interface DomainAttributes {
  readonly type: string;
  readonly nullable: boolean;
  readonly collation?: string;
  readonly default?: string;
  /** By name. */
  readonly checks: readonly DomainCheck[];
}
export type Domain = SchemaObject<'domain', DomainAttributes>;
