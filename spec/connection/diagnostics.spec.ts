import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, describe, expect, it } from '@jest/globals';
import { firstValueFrom } from 'rxjs';
import { dial } from '../../src/client/dial.ts';
import type { Connection } from '../../src/connection/Connection.ts';
import { serving } from '../server/serving.ts';

let ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends) end();
  ends = [];
});

function told(name: string): unknown[] {
  const messages: unknown[] = [];
  const listener = (message: unknown): unknown => messages.push(message);
  subscribe(name, listener);
  ends.push(() => unsubscribe(name, listener));
  return messages;
}

describe('diagnostics', () => {
  it('tells what opens and closes, on both ends, and what is refused', async () => {
    const [opened, closed, refused] = ['rxjs-ws:open', 'rxjs-ws:closed', 'rxjs-ws:refused'].map(told);
    using server = await serving({ shouldUpgrade: ({ path }) => path !== '/no' });
    const client = await dial(`${server.url}/chat`);
    const connection = (await server.emitted.next()) as Connection;
    client.close(4000, 'bye');
    await firstValueFrom(client.closed);
    await firstValueFrom(connection.closed);
    await expect(dial(`${server.url}/no`)).rejects.toMatchObject({ status: 403 });
    expect(opened).toEqual([
      { side: 'server', connection },
      { side: 'client', connection: client },
    ]);
    expect(closed).toHaveLength(2);
    expect(closed).toEqual(
      expect.arrayContaining([
        { side: 'server', connection, close: expect.objectContaining({ code: 4000, by: 'peer' }) },
        { side: 'client', connection: client, close: expect.objectContaining({ code: 4000, by: 'local' }) },
      ]),
    );
    expect(refused).toEqual([
      { reason: 'decision', status: 403, handshake: expect.objectContaining({ path: '/no' }) },
    ]);
  });

  it('costs nothing where nobody listens', async () => {
    using server = await serving({});
    const client = await dial(server.url);
    const [closed] = ['rxjs-ws:closed'].map(told);
    client.close();
    await firstValueFrom(client.closed);
    expect(closed).toEqual([]);
  });
});
