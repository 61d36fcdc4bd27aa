/**
 * Who answered, where a connection failed without a word of PostgreSQL's: a server of another kind
 * keeps a client waiting, or says what the driver cannot read. Asked only then, on a socket of its own.
 */
import { connect as openSocket } from 'node:net';
import { describeUrl } from '../migrate/describe-url.ts';
import { DiagnosticError, fail } from '../model/diagnostic.ts';

/** SSLRequest: length 8, code 80877103; PostgreSQL answers with one byte, S or N (manual §54.2.11). */
const request = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/** Throws the error on, or `not-postgres` where what listens there is no PostgreSQL. */
export async function refuseStranger(error: unknown, url: string | undefined): Promise<never> {
  const address = addressOf(url);
  if (!(error instanceof DiagnosticError) || address === undefined || !saysNothing(error)) throw error;
  if ((await answers(address)) !== 'something else') throw error;
  return fail('not-postgres', `what listens at ${address.host}:${String(address.port)} is not PostgreSQL (${describeUrl(url)})`, {
    hint: 'look at host and port of the URL: PostgreSQL usually listens at 5432',
  });
}

/** The server or the operating system said why: then there is nothing to find out. */
function saysNothing(error: DiagnosticError): boolean {
  return error.diagnostics.some(({ message }) => /timeout|terminated|unexpected|cannot be read|parse/i.test(message));
}

function addressOf(url: string | undefined): { readonly host: string; readonly port: number } | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { hostname, port } = new URL(url);
  return hostname === '' || hostname.startsWith('%2F') ? undefined : { host: hostname, port: port === '' ? 5432 : Number(port) };
}

/** A silent one counts as PostgreSQL: an overloaded server is silent too. */
function answers(address: { readonly host: string; readonly port: number }): Promise<'postgres' | 'something else'> {
  return new Promise((resolve) => {
    const socket = openSocket(address, () => socket.write(request));
    const end = (answer: 'postgres' | 'something else'): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(2000, () => end('postgres'));
    socket.once('data', (data) =>
      end(/^[SNE]$/.test(data.subarray(0, 1).toString('latin1')) && data.length < 2 ? 'postgres' : 'something else'),
    );
    socket.once('error', () => end('something else'));
    socket.once('close', () => end('something else'));
  });
}
