// /slow: a feed and a reader that is as slow as the page wants, both in this process. A page itself cannot be slow: its
// WebSocket reads whatever comes.
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  connect,
  type Connection,
  type Ended,
  flowMap,
  handle,
  json,
  listen,
  type Overflow,
  prepare,
  sendTo,
} from 'rxjs-ws';
import {
  BehaviorSubject,
  defer,
  filter,
  finalize,
  ignoreElements,
  interval,
  map,
  merge,
  NEVER,
  type Observable,
  scan,
  share,
  switchMap,
  take,
  takeWhile,
  tap,
  timer,
} from 'rxjs';
import type { SlowReport, SlowWish } from './SlowReport.ts';

interface News {
  /** By `performance.now()`. */
  readonly time: number;
  readonly symbol: number;
  readonly text: string;
}

const policies: Record<string, Overflow<News>> = {
  close: 'close',
  error: 'error',
  dropOldest: 'dropOldest',
  dropNewest: 'dropNewest',
  latest: 'latest',
  conflateBy: { conflateBy: ({ symbol }) => symbol },
};

// 100 messages of 64 KiB a second fill the system's own buffers soon; what this is about begins behind them.
const codec = json<never, News>();
const text = '.'.repeat(65_536);
const news = interval(10).pipe(
  map((n) => prepare({ time: performance.now(), symbol: n % 4, text }, codec)),
  share(),
);

/** Answers each page with the reports of a feed of its own. */
export function slow(
  server: Server,
  closeWhen: Observable<unknown>,
): Observable<Ended<SlowWish, SlowReport, undefined>> {
  const codec = json<SlowWish, SlowReport>();
  return listen({ server, path: '/slow', closeWhen, codec, finishTimeoutMs: 0 }).pipe(
    handle(({ messages }) =>
      defer(() => {
        const speed = new BehaviorSubject(0);
        let current: string | undefined;
        return messages.pipe(
          filter(({ policy }) => Object.hasOwn(policies, policy)),
          tap(({ reads }) => speed.next(Math.min(Math.max(Number(reads) || 0, 0), 200))),
          filter(({ policy }) => policy !== current),
          tap(({ policy }) => (current = policy)),
          switchMap(({ policy }) =>
            feed(server, policy, speed).pipe(tap({ complete: () => (current = undefined) })),
          ),
        );
      }),
    ),
  );
}

/** Both ends of a connection, until it is closed. */
function feed(server: Server, policy: string, speed: Observable<number>): Observable<SlowReport> {
  return defer(() => {
    // A path that nobody else knows.
    const path = `/feed/${randomUUID()}`;
    const { port } = server.address() as AddressInfo;
    const counts = { sent: 0, read: 0, dropped: 0 };
    let sender: Connection<never, News> | undefined;
    let age = 0;
    let end: SlowReport['end'];

    const sending = listen({
      server,
      path,
      codec,
      maxQueuedBytes: 524_288,
      closeTimeoutMs: 500,
      finishTimeoutMs: 0,
      onError: () => {},
    }).pipe(
      tap((connection) => (sender = connection)),
      handle((connection) =>
        news.pipe(
          tap(() => counts.sent++),
          sendTo(connection, {
            overflow: policies[policy]!,
            dropped: ({ count }) => (counts.dropped += count),
          }),
        ),
      ),
      tap(({ close: { code, reason, error } }) => {
        end = { code, reason: reason || ((error as Error | undefined)?.message ?? '') };
      }),
    );

    const pause = speed.pipe(
      switchMap((perSecond) => (perSecond > 0 ? timer(1_000 / perSecond) : NEVER)),
      take(1),
    );
    const url = `ws://localhost:${port}${path}`;
    const reading = connect({ url, codec: json<News, never>(), closeIsError: () => false }).pipe(
      switchMap((connection) =>
        connection.messages.pipe(
          flowMap(connection, ({ time }) => {
            counts.read++;
            age = performance.now() - time;
            return pause;
          }),
        ),
      ),
    );

    const reports = interval(100).pipe(
      map(() => ({ at: performance.now(), ...counts })),
      // Rates are those of the last second.
      scan((samples, sample) => [...samples, sample].slice(-11), [{ at: performance.now(), ...counts }]),
      map((samples): SlowReport => {
        const first = samples[0]!;
        const last = samples.at(-1)!;
        const rate = (name: 'sent' | 'read' | 'dropped') =>
          Math.round(((last[name] - first[name]) * 1_000) / (last.at - first.at));
        const queued = sender?.bufferedBytes ?? 0;
        const rates = { sent: rate('sent'), read: rate('read'), dropped: rate('dropped') };
        return { policy, queued, ...rates, age: Math.round(age), ...(end && { end }) };
      }),
    );

    // A feed that is given up is cut: nobody waits for a slow reader to answer.
    return merge(sending.pipe(ignoreElements()), reading.pipe(ignoreElements()), reports).pipe(
      takeWhile((report) => report.end === undefined, true),
      finalize(() => sender?.terminate()),
    );
  });
}
