/**
 * generated/queries.ts: each declared query as a function from its parameters to what node-postgres
 * takes, with the types that PostgreSQL gave to both ends. No query is run and no package needed by it.
 */
import type { QueryPlan, TypedName } from '../model/workload.ts';

const header = `/** The declared queries with the types of their parameters and rows. Made by schemac; an edit here would be lost. */

/** What node-postgres takes; the name makes it prepare the statement once a connection. */
export interface NamedQuery {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}
`;

/** The module; queries in the order of their declaration. */
export function queryTypes(plans: readonly QueryPlan[], declared: readonly { readonly name: string; readonly purpose: string }[]): string {
  const purposes = new Map(declared.map(({ name, purpose }) => [name, purpose]));
  const taken = new Set<string>();
  const parts = plans.map((plan) => queryPart(plan, purposes.get(plan.query) ?? '', identifierOf(plan.query, taken)));
  return [header, ...parts].join('\n');
}

function queryPart(plan: QueryPlan, purpose: string, name: string): string {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const hasParameters = plan.parameters.length > 0;
  const values = plan.parameters.map((parameter) => access(parameter.name));
  return [
    ...(hasParameters ? [`export interface ${type}Parameters {`, ...plan.parameters.map(member), '}'] : []),
    ...(plan.result.length > 0 ? [`export interface ${type}Row {`, ...distinctNames(plan.result).map(member), '}'] : []),
    `/** ${purpose.replaceAll('*/', '* /').replaceAll(/\s+/g, ' ')} */`,
    `export function ${name}(${hasParameters ? `given: ${type}Parameters` : ''}): NamedQuery {`,
    `  return { name: ${JSON.stringify(plan.query)}, text: ${JSON.stringify(plan.text)}, values: [${values.join(', ')}] };`,
    '}',
    '',
  ].join('\n');
}

const plainName = /^[A-Za-z_$][\w$]*$/;

function member({ name, typescript, nullable }: TypedName): string {
  return `  readonly ${plainName.test(name) ? name : JSON.stringify(name)}: ${typescript}${nullable ? ' | null' : ''};`;
}

function access(name: string): string {
  return plainName.test(name) ? `given.${name}` : `given[${JSON.stringify(name)}]`;
}

/** Of two columns of one name node-postgres keeps the last. */
function distinctNames(columns: readonly TypedName[]): readonly TypedName[] {
  return [...new Map(columns.map((column) => [column.name, column])).values()];
}

/** `latest_digests_of_user` is `latestDigestsOfUser`; what is no identifier or was given out already gets a number. */
function identifierOf(name: string, taken: Set<string>): string {
  const camel = name.replaceAll(/[^A-Za-z0-9]+(.)?/g, (_, next: string | undefined) => (next ?? '').toUpperCase());
  const base = /^[A-Za-z]/.test(camel) ? camel : `query${camel}`;
  let identifier = reserved.has(base) ? `${base}Query` : base;
  for (let number = 2; taken.has(identifier); number += 1) identifier = `${base}${number}`;
  taken.add(identifier);
  return identifier;
}

const reserved = new Set(
  'break case catch class const continue debugger default delete do else enum export extends false finally for function if import in instanceof new null return super switch this throw true try typeof var void while with yield let static await arguments eval'.split(
    ' ',
  ),
);
