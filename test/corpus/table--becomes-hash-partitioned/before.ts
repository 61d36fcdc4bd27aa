import { bigint, func, integer, project, publication, references, sequence, sql, table, text, timestamptz, view } from 'schemac';

export const settings = project({ postgres: 14 });
export const numbers = sequence('numbers', { ownedBy: { table: () => events, column: 'number' } });
export const touch = func('touch', { returns: 'trigger', language: 'plpgsql', body: sql`BEGIN RETURN NEW; END`, doc: 'Does nothing.' });
export const owners = table('owners', { columns: { id: bigint() }, primaryKey: ['id'] });
export const events = table('events', {
  doc: 'What happened.',
  columns: {
    id: bigint({ identity: 'always', doc: 'Counts.' }),
    at: timestamptz({ default: sql`now()` }),
    number: bigint({ default: sql`nextval(${numbers})` }),
    owner_id: references(() => owners, 'id', { nullable: true, onDelete: 'cascade' }),
    name: text(),
    size: integer({ nullable: true }),
    twice: integer({ nullable: true, generated: sql`size * 2` }),
  },
  primaryKey: ['id'],
  uniques: { events_number_at_key: { columns: ['number', 'at'] } },
  checks: { events_size_check: { expression: sql`size > 0`, doc: 'Sizes.' } },
  indexes: { events_name: { on: [sql`lower(name)`], doc: 'By name.' }, events_owner: { on: 'owner_id', where: sql`owner_id IS NOT NULL` } },
  statistics: { events_s: { on: ['name', 'size'] } },
  triggers: { touch_it: { when: 'before', on: ['update'], execute: () => touch, doc: 'Touches.' } },
  rowSecurity: 'on',
  policies: { readers: { for: 'select', to: 'schemac_reader', using: sql`name LIKE 'n%'`, doc: 'Readers see names.' } },
  grants: [
    { to: 'schemac_reader', privileges: ['select'] },
    { to: 'schemac_writer', privileges: ['insert'] },
  ],
});
export const notes = table('notes', {
  columns: { id: bigint(), event_number: bigint(), event_at: timestamptz() },
  primaryKey: ['id'],
  foreignKeys: {
    notes_event: { columns: ['event_number', 'event_at'], references: () => events, to: ['number', 'at'], onDelete: 'cascade' },
  },
});
export const named = view('named', {
  query: sql`SELECT id, name FROM ${events} WHERE name <> ''`,
  doc: 'Named ones.',
  grants: [{ to: 'schemac_reader', privileges: ['select'] }],
});
export const feed = publication('feed', { tables: [events], viaPartitionRoot: true });
