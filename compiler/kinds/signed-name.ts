/** The name of what is told apart by the types that it takes, as statements about it write it. Nothing here knows which kinds those are. */
import { signatureName, signatureTypes } from '../model/address.ts';
import { qualifiedName } from '../sql/quote.ts';

/** `public.total(integer, text)`, of a schema and a signature. */
export function signedName([schema = '', part = '']: readonly string[]): string {
  return `${qualifiedName([schema, signatureName(part) ?? part])}(${signatureTypes(part)})`;
}
