/**
 * The classes of objects that PostgreSQL gives privileges on, and which privileges there are for each
 * (manual §5.8, table 5.2). Data; which kinds are in a class is known where kinds are.
 */

/** The classes that ALTER DEFAULT PRIVILEGES knows; views are tables to it, aggregates and procedures functions. */
export type ObjectClass = 'tables' | 'sequences' | 'functions' | 'types' | 'schemas';

/** Privileges by class; MAINTAIN came with 17. */
export const privilegesOf: { readonly [Class in ObjectClass]: readonly string[] } = {
  tables: ['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger', 'maintain'],
  sequences: ['select', 'update', 'usage'],
  functions: ['execute'],
  types: ['usage'],
  schemas: ['create', 'usage'],
};

/** Privileges that can be given on columns alone. */
export const columnPrivileges: readonly string[] = ['select', 'insert', 'update', 'references'];

/** What PUBLIC has by PostgreSQL's own default. */
export const privilegesOfPublic: { readonly [Class in ObjectClass]: readonly string[] } = {
  tables: [],
  sequences: [],
  functions: ['execute'],
  types: ['usage'],
  schemas: [],
};
