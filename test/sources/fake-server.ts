/**
 * A server that speaks just enough of PostgreSQL's protocol (manual §53) to let anybody in and to
 * answer every query with one row about its version: for servers that cannot be installed any more.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net';

interface Version {
  readonly version: string;
  readonly number: string;
  readonly whole: string;
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const text = (value: string): Buffer => Buffer.from(`${value}\0`);

function int(value: number, bytes: 2 | 4): Buffer {
  const buffer = Buffer.alloc(bytes);
  if (bytes === 2) buffer.writeInt16BE(value);
  else buffer.writeInt32BE(value);
  return buffer;
}

const ready = message('Z', Buffer.from('I'));

function oneRow(values: readonly string[]): Buffer {
  const fields = values.map((_, place) =>
    Buffer.concat([text(`c${String(place)}`), int(0, 4), int(0, 2), int(25, 4), int(-1, 2), int(-1, 4), int(0, 2)]),
  );
  const cells = values.map((value) => Buffer.concat([int(Buffer.byteLength(value), 4), Buffer.from(value)]));
  return Buffer.concat([
    message('T', Buffer.concat([int(values.length, 2), ...fields])),
    message('D', Buffer.concat([int(values.length, 2), ...cells])),
    message('C', text('SELECT 1')),
    ready,
  ]);
}

export async function fakeServer({
  version,
  number,
  whole,
}: Version): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let isStarted = false;
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      if (!isStarted) {
        isStarted = true;
        socket.write(Buffer.concat([message('R', int(0, 4)), ready]));
      } else if (data[0] === 0x51) socket.write(oneRow([version, number, whole]));
      else socket.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { url: `postgres://u:p@127.0.0.1:${String(port)}/x`, stop };
}
