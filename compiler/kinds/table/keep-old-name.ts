/**
 * The old name of a renamed table, kept as a view until the deploy is over (rule book M1). A view of
 * one table without joins is updatable by itself (manual: CREATE VIEW, Updatable Views), so that code
 * that knows the old name reads and writes on; it goes with the contract migration.
 */
import { address, pathText } from '../../model/address.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { dollarQuote, qualifiedName, quoteName, quoteText } from '../../sql/quote.ts';
import type { KeptName } from '../contract.ts';
import { hazard } from '../statements.ts';
import type { Table } from './object.ts';

export function keepOldName(before: Table, after: Table, { columns, major }: KeptName): readonly Statement[] {
  const [old, now] = [qualifiedName(before.path), qualifiedName(after.path)];
  const id = address('view', ...before.path);
  const list = columns.map(({ was, is }) => (was === is ? quoteName(is) : `${quoteName(is)} AS ${quoteName(was)}`));
  // Since 15 a view can look at rows with the rights of whoever asks; before, with those of its owner.
  const invoker = major >= 15 ? ' WITH (security_invoker = true)' : '';
  const sees = hazard(
    'authorization',
    id,
    'up to 14 the view reads with the rights of its owner: row security of the table does not hold in it',
  );
  return [
    statement({
      sql: `CREATE VIEW ${old}${invoker} AS\nSELECT ${list.join(', ')} FROM ${now}`,
      purpose: `Keep the name ${pathText(before.path)} as a view of the table, for code that runs until the deploy is over.`,
      subject: id,
      makes: [id],
      hazards: [
        hazard('backward-compatibility', id, `reads and writes go on under the old name; COPY FROM, TRUNCATE and ALTER of it fail`),
        ...(major < 15 && after.attributes.rowSecurity !== 'off' ? [sees] : []),
      ],
      reverse: `DROP VIEW ${old}`,
    }),
    statement({
      sql: `DO ${dollarQuote(grantSql(old, now))}`,
      purpose: `Let those read and write the view who may read and write the table.`,
      subject: id,
      needs: [id],
    }),
  ];
}

/** Who may do what is known where it runs; roles of the table's grants are there. */
function grantSql(old: string, now: string): string {
  return `
DECLARE
  held record;
BEGIN
  FOR held IN
    SELECT privilege_type, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END AS grantee
    FROM pg_class, aclexplode(relacl)
    WHERE oid = ${quoteText(now)}::regclass AND grantee <> relowner AND privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
  LOOP
    EXECUTE format('GRANT %s ON %s TO %s', held.privilege_type, ${quoteText(old)}, held.grantee);
  END LOOP;
END
`;
}
