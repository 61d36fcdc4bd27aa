/** What `schemac explain CODE` says about the codes of loading: why, and what to do. Words only. */

export const loadExplanations: { readonly [code: string]: string } = {
  'duplicate-column': 'A table has one column of a name, and a key names a column once.',
  'duplicate-name':
    'PostgreSQL keeps tables, views, sequences and indexes of a schema in one namespace, and their row types with enums and domains in another; constraints share one per table. Names are compared as PostgreSQL cuts them, at 63 bytes.',
  'empty-folder': 'The schema folder holds no .ts file, so nothing is declared. `npx schemac init` writes a small example.',
  'external-access': "Privileges, policies and the owner of another team's table are that team's; migrations never touch it.",
  'grant-to-owner':
    'The owner of an object may do everything with it; a privilege that is given to it as well is not kept apart by PostgreSQL.',
  'hash-remainders':
    'A table that is partitioned by hash needs one partition for each remainder from 0 to the modulus less 1; a row whose remainder has none is refused.',
  'impossible-values':
    'Shares of common values and of NULLs lie between 0 and 1, and together not above 1; a column follows another one of its own table.',
  'ignored-and-declared': 'What the schema declares is managed, and what is ignored is left alone: an object cannot be both.',
  'import-circle':
    "Files may import each other in a circle as long as what they import is used inside functions: references((): AnyTable => other, 'id'), sql`${() => other}`. What is used while a file is evaluated must be there before it.",
  'invalid-address':
    'An address is a kind and a path: `table public.digests`, `column public.digests.body`. `*` stands for any run of characters.',
  'invalid-attribute': 'An attribute of a composite type is a name, a type and a collation; it may always be null and has no default.',
  'invalid-argument': 'Of the options of a column word, an argument has its default alone, and a function says what it returns.',
  'invalid-date': 'Dates are ISO dates that exist: 2026-03-31.',
  'invalid-declaration':
    'A declaration is not of the shape that its types ask for, so that loading could not read it. The type check names the part.',
  'invalid-enum-value': 'The values of an enum are distinct texts of 1 to 63 bytes.',
  'invalid-interval': 'Intervals are amounts with units, all positive: 1 month, 13 months, 7 days, 12 hours.',
  'invalid-name': 'A name has at least one character and no character 0.',
  'invalid-operator':
    'The operator of an exclusion is written into SQL as it stands, so only operator characters, or OPERATOR(schema.op), are taken.',
  'invalid-operator-class': 'An operator class is written into SQL as it stands, so only a name with options in parentheses is taken.',
  'invalid-partition-rule': 'A rule that makes and retires partitions works on the range of one date or time column.',
  'invalid-publication': 'A publication is of all tables, or lists tables and schemas, each once; and it publishes something.',
  'invalid-range-subtype': 'A range type keeps the type of its bounds alone: CREATE TYPE takes a length or precision and forgets it.',
  'invalid-row':
    'A row of a lookup table gives the same columns as the others, its key among them, each a value of the type of its column.',
  'invalid-rows-key':
    'Rows are told apart by their key, whose texts must be the same in the schema and in PostgreSQL: integers, text, uuid, boolean, date, an enum.',
  'invalid-statistics':
    'Extended statistics are on two to eight columns and expressions, or on one expression; their target is a number from 0 to 10000.',
  'invalid-privilege':
    'Each class of objects has privileges of its own (manual §5.8, table 5.2), and only some can be given on columns; a grant option can be given to roles alone.',
  'invalid-role':
    "Roles are named as PostgreSQL has them; 'public' is everybody. CURRENT_USER and the like mean another role for everybody who applies the schema.",
  'invalid-trigger':
    'CREATE TRIGGER does not allow everything together: rows and TRUNCATE, INSTEAD OF on a table, transition tables before there are any, a function that does not return trigger.',
  'invalid-type': 'The text of a type is written into SQL as it stands, so only what can be a type is taken.',
  'key-without-partition-key':
    'PostgreSQL enforces a primary key, unique constraint or unique index partition by partition, so each must contain every column of the partition key, those of sub-partitions included.',
  'missing-folder': 'There is no folder of schema files. `npx schemac init` makes one; --schema names another.',
  'module-throws': 'A schema file is a program that runs when it is loaded. It threw; the place is where.',
  'name-too-long':
    'PostgreSQL cuts names after 63 bytes, without an error, so that two long names may become one. Letters outside ASCII take two to four bytes.',
  'no-reason': 'What is ignored or suppressed is so for a reason, and whoever reads it later needs it.',
  'not-a-column': 'The value under a name in columns was not made by a column word such as text() or references().',
  'not-in-target':
    'The project says for which major version migrations are written; what came later is refused, also where the engine at hand accepts it.',
  'nothing-to-revoke':
    'PostgreSQL itself gives everybody EXECUTE on functions and USAGE on types, and the owner everything; all else nobody has unless it is granted, so there is nothing to take away.',
  'nothing-exported': 'Only what a file exports is part of the schema; these files export nothing that a word of the language made.',
  'policy-clause':
    'A policy for SELECT or DELETE finds rows (using), one for INSERT judges new ones (withCheck), one for UPDATE does both (manual: CREATE POLICY).',
  'raw-string-in-sql':
    "A string never becomes SQL by itself: sql`now()` is an expression, literal('now()') is a text. As the default of a timestamp the second would be the moment at which the table was made.",
  'reference-circle': 'A reference takes its type from the column it refers to; in a circle of references no column says what the type is.',
  'reference-lengths': 'A foreign key pairs its columns with the referenced ones, in order.',
  'reference-without-key':
    'PostgreSQL enforces a foreign key with a unique index on exactly the referenced columns. Without such a key use a soft reference, which is documented and sampled, not enforced.',
  'reserved-schema': 'Schemas whose name begins with pg_ belong to PostgreSQL, information_schema to the standard, schemac to this tool.',
  'syntax-error': 'The file is not valid TypeScript.',
  'ts-node-commonjs':
    'Without "type": "module" in package.json ts-node makes CommonJS modules of the schema files, which cannot be loaded together. The default loader does not mind.',
  'ts-node-missing': 'The loader ts-node was asked for and is not installed. The default loader needs nothing.',
  'ts-node-typescript':
    'ts-node compiles with the JavaScript API of TypeScript, which TypeScript 7 does not have. The default loader needs no TypeScript.',
  'two-projects': 'The settings of a project are declared once.',
  'type-error': 'The TypeScript compiler refuses the schema.',
  'type-rule':
    'A rule of the schema language that the types express, found by the TypeScript compiler; the editor shows the same at the same place.',
  'types-unchecked':
    'No TypeScript compiler was found, so types were not checked. Loading checks the rules again, but not the types of values.',
  'unknown-address': 'Requirements, decisions, questions and reviews name what exists; what was renamed or dropped must be named anew.',
  'unknown-column': 'A key, index, constraint or reference names a column that its table does not have.',
  'unknown-import': 'A package does not export what is imported from it.',
  'unknown-parameter': 'Samples and types are given for parameters that the SQL of the query has, written `:name` there.',
  'unknown-reference': 'What is referred to is not part of the schema: it is not exported, or does not exist.',
  'unknown-schema': 'Every schema but public is declared, so that migrations make it before what is in it.',
  'unresolved-import': 'A file or package that is imported cannot be found.',
  'unsupported-postgres': 'Migrations are written for PostgreSQL 14 to 18.',
  'value-in-sql':
    'Only declarations, names, literals, numbers, booleans and sql`…` can stand in SQL; undefined mostly comes from files that import each other in a circle.',
};
