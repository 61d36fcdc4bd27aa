/** Event triggers, with whether they are enabled (manual: CREATE EVENT TRIGGER; pg_event_trigger, §52.21). */
import { notOfExtension } from '../catalog.ts';
import { textKind } from './factory.ts';

export const eventTriggerKind = textKind({
  kind: 'event-trigger',
  catalog: 'pg_event_trigger',
  query: () => `
    SELECT e.oid::int8 AS oid, json_build_array(e.evtname) AS path,
      to_json(array_remove(ARRAY[
        format('CREATE EVENT TRIGGER %I ON %I%s EXECUTE FUNCTION %s()', e.evtname, e.evtevent,
          coalesce(' WHEN TAG IN (' || (SELECT string_agg(quote_literal(tag), ', ') FROM unnest(e.evttags) tag) || ')', ''), e.evtfoid::regproc),
        CASE e.evtenabled WHEN 'O' THEN NULL ELSE format('ALTER EVENT TRIGGER %I %s', e.evtname,
          CASE e.evtenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END) END], NULL)) AS "create"
    FROM pg_event_trigger e WHERE ${notOfExtension('pg_event_trigger', 'e.oid')}`,
});
