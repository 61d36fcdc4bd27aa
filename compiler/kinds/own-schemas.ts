/**
 * The schemas that this tool makes in a database: they are part of no schema that is declared, compared or
 * measured. What is in them is said by those who make it.
 */

/** Where the successor of a table is until it takes its place, and where the table is afterwards. */
export const nextSchema = 'schemac_next';
export const beforeSchema = 'schemac_before';

export const ownSchemas: readonly string[] = ['schemac', nextSchema, beforeSchema];
