import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lastValueFrom, take, tap, toArray } from 'rxjs';
import { link } from '../../../src/client/platform/link.ts';
import { surroundings } from '../../../src/core/surroundings.ts';
import { wsServer } from '../wsServer.ts';
import { platformWebSocket } from './platformWebSocket.ts';

describe('link, in a page', () => {
  platformWebSocket();
  const { random } = surroundings;
  beforeEach(() => {
    surroundings.random = () => 0.01;
  });
  afterEach(() => {
    surroundings.random = random;
  });

  it('comes back, and sends what waited', async () => {
    let connections = 0;
    await using server = await wsServer((ws) => {
      const name = `${++connections}`;
      ws.on('message', (data: Buffer) => ws.send(`${name}${data.toString()}`));
    });
    const { messages, send } = link(server.url);
    send('a');
    const got = messages.pipe(
      tap((message) => {
        if (message === '1a') for (const ws of server.clients) ws.terminate();
        if (message === '1a') setTimeout(() => send('b'), 20);
      }),
      take(2),
      toArray(),
    );
    expect(await lastValueFrom(got)).toEqual(['1a', '2b']);
  });

  it('gives a refusal another attempt, since it is not told why; so limit them', async () => {
    await using server = await wsServer(undefined, { verifyClient: () => false });
    const { messages, status } = link(server.url, { reconnect: { attempts: 2 } });
    const states: string[] = [];
    const watching = status.subscribe(({ state }) => states.push(state));
    await expect(lastValueFrom(messages)).rejects.toMatchObject({ code: 'HANDSHAKE', status: undefined });
    const attempt = ['connecting', 'waiting'];
    expect(states).toEqual(['closed', ...attempt, ...attempt, 'connecting', 'closed']);
    watching.unsubscribe();
  });

  it('does not come back to who is sent away', async () => {
    await using server = await wsServer((ws) => ws.close(4401, 'log in'));
    await expect(lastValueFrom(link(server.url).messages)).rejects.toMatchObject({ close: { code: 4401 } });
  });
});
