/** A TCP relay before a server that cuts every connection at the query of a given number: a kill at any statement, told apart by one count. */
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** Before the server has the query, or after it did what was asked, before anybody hears of it. */
export type When = 'before' | 'after';

export interface Relay {
  readonly url: string;
  readonly messages: () => number;
  readonly stop: () => Promise<void>;
}

/** A relay that cuts everything at the query of that number (manual §54.7: Q begins one, Z ends its answer). */
export async function relayTo(url: string, number: number, when: When): Promise<Relay> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let messages = 0;
  const cut = (): void => sockets.forEach((socket) => socket.destroy());
  const relay = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let isIt = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => void (client.destroy(), upstream.destroy()));
    }
    client.on('data', (data) => {
      if (data[0] === 0x51) messages += 1;
      if (data[0] === 0x51 && messages === number) {
        if (when === 'before') return cut();
        isIt = true;
      }
      upstream.write(data);
    });
    upstream.on('data', (data) => (isIt && data.includes('Z\0\0\0\x05') ? cut() : client.write(data)));
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String((relay.address() as AddressInfo).port);
  return {
    url: through.href,
    messages: () => messages,
    stop: async () => {
      cut();
      await new Promise((resolve) => relay.close(resolve));
    },
  };
}
