/**
 * How a domain is made, dropped and altered (manual: CREATE DOMAIN, ALTER DOMAIN; rule book M10).
 * What makes a domain stricter reads every table that uses it while writes to them wait.
 */
import { pathText, type Address } from '../../model/address.ts';
import { fail } from '../../model/diagnostic.ts';
import { statement, type Hazard, type Statement } from '../../model/statement.ts';
import { constraintName } from '../../sql/names.ts';
import { qualifiedName, quoteName } from '../../sql/quote.ts';
import type { AttributeRules, PlanContext } from '../contract.ts';
import { hazard, lock } from '../statements.ts';
import type { Domain, DomainCheck } from './object.ts';

function checkClause(check: DomainCheck, name = check.name): string {
  return `CONSTRAINT ${quoteName(name)} CHECK (${check.expression})`;
}

function createSql({ path, attributes }: Domain): string {
  const { type, nullable, collation, checks } = attributes;
  return [
    `CREATE DOMAIN ${qualifiedName(path)} AS ${type}`,
    ...(collation === undefined ? [] : [`COLLATE ${collation}`]),
    ...(attributes.default === undefined ? [] : [`DEFAULT ${attributes.default}`]),
    ...(nullable ? [] : ['NOT NULL']),
    ...checks.filter((check) => check.validated !== false).map((check) => checkClause(check)),
  ].join(' ');
}

export function createDomain(domain: Domain): readonly Statement[] {
  return [
    statement({
      sql: createSql(domain),
      purpose: `Create domain ${pathText(domain.path)}.`,
      subject: domain.id,
      needs: domain.dependsOn,
      makes: [domain.id],
      probe: `present ${domain.id}`,
      reverse: `DROP DOMAIN ${qualifiedName(domain.path)}`,
    }),
    ...domain.attributes.checks
      .filter((check) => check.validated === false)
      .flatMap((check) => addCheck(domain, check, check.name, []).map((step): Statement => ({ ...step, needs: [domain.id] }))),
  ];
}

export function dropDomain(domain: Domain, context: PlanContext): readonly Statement[] {
  return [
    statement({
      sql: `DROP DOMAIN ${qualifiedName(domain.path)}`,
      purpose: `Drop domain ${pathText(domain.path)}.`,
      subject: domain.id,
      destroys: [domain.id],
      probe: `absent ${domain.id}`,
      reverse: createSql(domain),
      phase: context.after.has(domain.id) ? 'expand' : 'contract',
    }),
  ];
}

/** The tables with a column of the domain, or of a domain or type over it, that exist already. */
function usedBy(domain: Domain, context: PlanContext): readonly Address[] {
  const over = new Set<Address>([domain.id]);
  const tables = new Set<Address>();
  for (const id of over) {
    for (const object of context.before.values()) {
      if (!object.dependsOn.includes(id)) continue;
      if ('nullable' in object.attributes && object.partOf !== undefined) tables.add(object.partOf);
      else if (object.partOf === undefined && 'type' in object.attributes) over.add(object.id);
    }
  }
  return [...tables].filter((table) => context.after.has(table)).sort();
}

function alter(domain: Domain, action: string, purpose: string, more: Partial<Statement> = {}): Statement {
  return statement({
    sql: `ALTER DOMAIN ${qualifiedName(domain.path)} ${action}`,
    purpose,
    subject: domain.id,
    needs: domain.dependsOn,
    ...more,
  });
}

/** Reading the tables holds ShareLock on each: PostgreSQL has no gentler way for domains. */
function reading(domain: Domain, tables: readonly Address[], what: string): Pick<Statement, 'locks' | 'scans' | 'hazards'> {
  const waits = tables.map((table): Hazard =>
    hazard('blocks-writes', table, 'writes wait while its values are checked against the domain'),
  );
  return {
    locks: lock('ShareLock', ...tables),
    scans: tables,
    hazards: tables.length === 0 ? [] : [...waits, hazard('data-dependent', domain.id, `fails where a value ${what}`)],
  };
}

function validateCheck(domain: Domain, check: DomainCheck, name: string, tables: readonly Address[]): Statement {
  const purpose = `Check the existing values of domain ${pathText(domain.path)} against ${check.name}.`;
  const reads = reading(domain, tables, `does not satisfy ${check.expression}`);
  return alter(domain, `VALIDATE CONSTRAINT ${quoteName(name)}`, purpose, { step: 'validate', ...reads });
}

function addCheck(domain: Domain, check: DomainCheck, name: string, tables: readonly Address[]): readonly Statement[] {
  const drop = `ALTER DOMAIN ${qualifiedName(domain.path)} DROP CONSTRAINT ${quoteName(name)}`;
  const purpose = `Add check ${check.name} to domain ${pathText(domain.path)}`;
  if (check.validated === false)
    return [alter(domain, `ADD ${checkClause(check, name)} NOT VALID`, `${purpose} for new values.`, { reverse: drop })];
  if (tables.length === 0) return [alter(domain, `ADD ${checkClause(check, name)}`, `${purpose}.`, { reverse: drop })];
  return [
    alter(domain, `ADD ${checkClause(check, name)} NOT VALID`, `${purpose} for new values.`, { reverse: drop }),
    validateCheck(domain, check, name, tables),
  ];
}

function dropCheck(domain: Domain, check: DomainCheck, atomic?: string): Statement {
  return alter(domain, `DROP CONSTRAINT ${quoteName(check.name)}`, `Drop check ${check.name} of domain ${pathText(domain.path)}.`, {
    reverse: `ALTER DOMAIN ${qualifiedName(domain.path)} ADD ${checkClause(check)}`,
    ...(atomic === undefined ? {} : { atomic }),
  });
}

/** A changed check is added under another name and valid before the old one goes (rule book K4). */
function replaceCheck(domain: Domain, before: DomainCheck, after: DomainCheck, tables: readonly Address[]): readonly Statement[] {
  if (tables.length === 0) return [dropCheck(domain, before), ...addCheck(domain, after, after.name, tables)];
  const temporary = constraintName(after.name, [], 'new');
  const atomic = `swap check ${after.name} of ${domain.id}`;
  const rename = `RENAME CONSTRAINT ${quoteName(temporary)} TO ${quoteName(after.name)}`;
  return [
    ...addCheck(domain, after, temporary, tables),
    dropCheck(domain, before, atomic),
    alter(domain, rename, `Give the new check its name, ${after.name}.`, { atomic }),
  ];
}

function alterChecks(before: Domain, after: Domain, context: PlanContext): readonly Statement[] {
  const tables = usedBy(before, context);
  const old = new Map(before.attributes.checks.map((check) => [check.name, check]));
  const kept = new Set(after.attributes.checks.map((check) => check.name));
  return [
    ...before.attributes.checks.filter((check) => !kept.has(check.name)).map((check) => dropCheck(after, check)),
    ...after.attributes.checks.flatMap((check) => {
      const was = old.get(check.name);
      if (was === undefined) return addCheck(after, check, check.name, tables);
      if (was.expression !== check.expression) return replaceCheck(after, was, check, tables);
      if (was.validated === check.validated) return [];
      return check.validated === false
        ? [dropCheck(after, was), ...addCheck(after, check, check.name, tables)]
        : [validateCheck(after, check, check.name, tables)];
    }),
  ];
}

/** PostgreSQL has no ALTER for what a domain is made of. */
function refuseType(before: Domain, after: Domain, context: PlanContext): readonly Statement[] {
  if (usedBy(before, context).length > 0) {
    fail(
      'domain-type-changed',
      `PostgreSQL cannot change the type of domain ${pathText(after.path)} from ${before.attributes.type} to ${after.attributes.type}`,
      {
        subject: after.id,
        hint: 'declare a new domain under another name and change the columns to it',
      },
    );
  }
  const atomic = `replace ${after.id}`;
  return [...dropDomain(before, context), ...createDomain(after)].map((step): Statement => ({ ...step, atomic }));
}

function alterNullable(before: Domain, after: Domain, context: PlanContext): readonly Statement[] {
  const [action, back] = after.attributes.nullable ? ['DROP NOT NULL', 'SET NOT NULL'] : ['SET NOT NULL', 'DROP NOT NULL'];
  const purpose = after.attributes.nullable
    ? `Let values of domain ${pathText(after.path)} be null.`
    : `Make domain ${pathText(after.path)} NOT NULL.`;
  const reads = after.attributes.nullable ? {} : reading(after, usedBy(before, context), 'is null');
  return [alter(after, action, purpose, { ...reads, reverse: `ALTER DOMAIN ${qualifiedName(after.path)} ${back}` })];
}

function defaultAction(domain: Domain): string {
  return domain.attributes.default === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${domain.attributes.default}`;
}

export const domainRules: AttributeRules<Domain> = {
  type: { statements: refuseType },
  collation: {
    statements: (before, after, context) => (before.attributes.type === after.attributes.type ? refuseType(before, after, context) : []),
  },
  nullable: { statements: (before, after, context) => (isRemade(before, after) ? [] : alterNullable(before, after, context)) },
  default: {
    statements: (before, after) =>
      isRemade(before, after)
        ? []
        : [
            alter(after, defaultAction(after), `Change the default of domain ${pathText(after.path)}.`, {
              reverse: `ALTER DOMAIN ${qualifiedName(after.path)} ${defaultAction(before)}`,
            }),
          ],
  },
  checks: { statements: (before, after, context) => (isRemade(before, after) ? [] : alterChecks(before, after, context)) },
};

/** A domain of another type is made anew with everything. */
function isRemade(before: Domain, after: Domain): boolean {
  return before.attributes.type !== after.attributes.type || before.attributes.collation !== after.attributes.collation;
}
