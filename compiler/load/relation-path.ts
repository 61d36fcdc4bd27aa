/** The qualified path of whatever lives in a schema: tables, views, types, sequences. */

/** The name of a schema given by name or by declaration; `public` where absent. */
export function schemaName(schema: string | { readonly name: string } | undefined): string {
  return typeof schema === 'string' ? schema : (schema?.name ?? 'public');
}

/** `[schema, name]` of a declaration that lives in a schema. */
export function relationPath(declared: object): readonly [schema: string, name: string] {
  const { name, definition } = declared as {
    readonly name: string;
    readonly definition?: { readonly schema?: string | { readonly name: string } };
  };
  return [schemaName(definition?.schema), name];
}
