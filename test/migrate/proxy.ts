/**
 * A TCP relay before a server that breaks a connection at a chosen message: what a network does at
 * the worst moment.
 */
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface Proxy {
  /** The database's URL through the relay. */
  readonly url: string;
  readonly broken: () => number;
  readonly stop: () => Promise<void>;
}

export interface Break {
  /** Which message to the server it is about. */
  readonly message: RegExp;
  /** Whether the server still gets the message, and answers it to nobody. */
  readonly when: 'before the server has it' | 'after the server did it';
}

/** Starts a relay that breaks the first connection on which the message comes. */
export async function startProxy(url: string, { message, when }: Break): Promise<Proxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let broken = 0;
  const relay = createServer((client) => {
    const server = connect(Number(target.port || 5432), target.hostname);
    let silent = false;
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    client.on('data', (data) => {
      if (broken === 0 && message.test(data.toString('latin1'))) {
        broken += 1;
        if (when === 'before the server has it') return void client.destroy();
        silent = true;
      }
      server.write(data);
    });
    server.on('data', (data) => {
      // ReadyForQuery ends the answer: the server is done, and the client never hears of it.
      if (silent) return void (data.includes('Z\0\0\0\x05') && client.destroy());
      client.write(data);
    });
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String((relay.address() as AddressInfo).port);
  return {
    url: through.href,
    broken: () => broken,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => relay.close(resolve));
    },
  };
}
