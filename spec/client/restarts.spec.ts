import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  catchError,
  firstValueFrom,
  forkJoin,
  fromEvent,
  map,
  type Observable,
  of,
  Subject,
  tap,
  toArray,
} from 'rxjs';
import { link } from '../../src/client/link.ts';
import { json } from '../../src/codecs/json.ts';
import { multiplex } from '../../src/operators/multiplex.ts';
import { request } from '../../src/operators/request.ts';

const LINKS = 50;
const REQUESTS = 100;
const RESTARTS = 10;

type Ask = { kind: 'ask'; id: number } | { kind: 'subscribe' } | { kind: 'unsubscribe' };
type Answer = { kind: 'reply'; id: number; twice: number } | { kind: 'tick' };

/** One server process after the other, on one port. */
class Restarting {
  port = 0;
  readonly complaints: unknown[] = [];
  accepted = 0;
  private process: ChildProcess | undefined;

  async start(): Promise<void> {
    const child = fork(join(import.meta.dirname, 'restarts/server.mjs'), [String(this.port)], {
      execArgv: [],
    });
    this.process = child;
    this.accepted = 0;
    const messages = fromEvent<[{ kind: string; port?: number; accepted?: number }]>(child, 'message').pipe(
      map((given) => [given].flat()[0]!),
    );
    const listening = new Subject<number>();
    messages.subscribe((message) => {
      if (message.kind === 'listening') listening.next(message.port!);
      else if (message.kind === 'accepted') this.accepted = message.accepted!;
      else this.complaints.push(message);
    });
    this.port = await firstValueFrom(listening);
  }

  async kill(): Promise<void> {
    const child = this.process!;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
}

const codec = json<Answer, Ask>();

function client(port: number, name: number) {
  const feed = link({
    url: `ws://127.0.0.1:${port}/?client=${name}`,
    codec,
    reconnect: { initialMs: 20, maxMs: 200 },
  });
  const ticks = multiplex(feed, {
    key: 'ticks',
    subscribe: { kind: 'subscribe' },
    unsubscribe: { kind: 'unsubscribe' },
    matches: ({ kind }) => kind === 'tick',
  });
  let last = 0;
  const answered = new Subject<void>();
  /** What became of many requests at once: of each, all that it emitted. */
  const burst = (): Observable<string[]> =>
    forkJoin(
      Array.from({ length: REQUESTS }, () => {
        const id = ++last;
        const matches = (answer: Answer) => answer.kind === 'reply' && answer.id === id;
        return request(feed, { kind: 'ask', id }, { matches, timeoutMs: 20_000 }).pipe(
          tap(() => answered.next()),
          map((answer) => (answer.kind === 'reply' && answer.twice === id * 2 ? 'answered' : 'wrong')),
          catchError((error: { code: string }) => of(error.code)),
          toArray(),
          map((outcomes) => outcomes.join()),
        );
      }),
    );
  return { ticks, burst, answered };
}

describe('links under a server that is killed again and again', () => {
  const server = new Restarting();
  afterEach(() => server.kill());

  it('answers or fails each request once, has every channel back, and never two connections', async () => {
    await server.start();
    const clients = Array.from({ length: LINKS }, (_, name) => client(server.port, name));
    const live = () => Promise.all(clients.map(({ ticks }) => firstValueFrom(ticks)));
    const channels = clients.map(({ ticks }) => ticks.subscribe());
    const outcomes: string[] = [];
    for (let restart = 0; restart < RESTARTS; restart++) {
      await live();
      expect(server.accepted).toBe(LINKS);
      const bursts = Promise.all(clients.map(({ burst }) => firstValueFrom(burst())));
      // Some are answered by then, and some never are.
      await Promise.all(clients.map(({ answered }) => firstValueFrom(answered)));
      await server.kill();
      await server.start();
      outcomes.push(...(await bursts).flat());
    }
    await live();
    expect(server.accepted).toBe(LINKS);
    for (const channel of channels) channel.unsubscribe();
    expect(outcomes).toHaveLength(LINKS * REQUESTS * RESTARTS);
    expect([...new Set(outcomes)].sort()).toEqual(['CONNECTION_CLOSED', 'answered']);
    expect(server.complaints).toEqual([]);
  }, 60_000);
});
