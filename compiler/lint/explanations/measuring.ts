/** Codes of what is read from, or measured on, databases with data. */
import type { Explanations } from './explanation.ts';

export const measuringExplanations: Explanations = {
  'statistics-missing': {
    meaning:
      "A database's statistics say nothing of a declared table, or not all: it is not there, was never analysed, or the role may not see its columns. ANALYZE of a partitioned table is never done by autovacuum (manual §24.1.3); its partitions are summed up in its place.",
    remedy: 'Do what the hint says, and run schemac volumes again; until then what is declared beside the table counts.',
  },
  'values-not-written': {
    meaning:
      'One value of a column is far more common than the others. Which one it is has not been read: values may be personal data, and only numbers leave the database.',
    remedy:
      "Plans for the common value and for others differ: declare common: { … } beside the column, or let schemac volumes write them with --values where they are nobody's secret.",
  },
  'personal-values': {
    meaning: 'The values of a column that is marked as personal data (pii) were asked for, and are not read.',
    remedy: 'Declare figures: distinct, nulls, width. They are all that plans need of such a column.',
  },
  'planner-differs': {
    meaning: "The server's settings differ from those that queries are planned with, so that it may plan otherwise.",
    remedy: 'Where it is the production server, write its settings into project({ planner: { … } }).',
  },
  'no-bench-server': {
    meaning: 'Queries can only be measured on a PostgreSQL server with room for the rows, and none was named.',
    remedy: 'Give one with --url; its role must be allowed to create databases. DATABASE_URL is left alone, since it may be production.',
  },
  'bench-database-differs': {
    meaning: 'The database that --keep names was not filled for these rows, this schema and this seed, or by something else.',
    remedy: 'Drop it yourself if nobody needs it, or give another name; nothing is dropped that is kept.',
  },
  'bench-too-large': {
    meaning: 'The rows that would be made take more room than is allowed.',
    remedy: 'Ask for fewer rows with --scale, or allow more with --most-gigabytes.',
  },
  'unreadable-measurements': {
    meaning: 'A file in schema/measurements/ is no measurement of schemac bench, or was cut off.',
    remedy: 'Measure again with --write, or remove the file.',
  },
  'query-not-measured': {
    meaning: 'The server refuses a declared query when it is run, as one that asks for what its samples do not have.',
    remedy: 'Correct the samples or the query; the server says what is wrong.',
  },
  'query-too-slow': {
    meaning: 'On a server with the declared rows, one of a hundred calls takes longer than the budget of the query allows (under).',
    remedy: 'Look at plan and pages; a machine that does other things at the same time measures these too.',
  },
  'plan-not-predicted': {
    meaning: 'A server with data reads other relations or indexes for a query than the plan gate said it would.',
    remedy: 'Usually two plans cost nearly the same. Where they do not, a declared figure is not as in the rows: please report it.',
  },
  'fill-failed': {
    meaning:
      'Rows that were made from the declared volumes do not fit the schema: a key came twice, a condition is not met, or no value can be made of a type.',
    remedy: 'Declare the values more exactly (distinct, between, common, follows), as the hint says.',
  },
};
