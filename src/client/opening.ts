import { map, type Observable, race, switchMap, takeUntil } from 'rxjs';
import { connectionSettings } from '../connection/ConnectionConfig.ts';
import { EngineConnection } from '../connection/EngineConnection.ts';
import { report } from '../core/ErrorReport.ts';
import type { Framing } from '../connection/Framing.ts';
import { onRejection } from '../core/onRejection.ts';
import type { Dial } from '../transports/Dial.ts';
import { aborted } from './aborted.ts';
import type { ConnectConfig, Dialable } from './ConnectConfig.ts';
import { isBadEnd } from './isBadEnd.ts';
import { targets } from './targets.ts';
import { webSocketUrl } from './webSocketUrl.ts';

/** A connection that a client opened. */
export type ClientConnection<In, Out> = EngineConnection<In, Out, undefined>;

/**
 * Dials at each subscription. **Emits** the connection, within the event that opened it, and **completes**. **Errors
 * with** what the way there errors with, or the reason of the `signal`. **On unsubscribe** before the emission it stops
 * dialling; from then on the connection is the caller's.
 */
export function opening<In, Out>(
  dialable: Dialable<In, Out>,
  dial: Dial,
  framing?: Framing,
): Observable<ClientConnection<In, Out>> {
  return targets(dialable).pipe(switchMap((config) => open(config, dial, framing)));
}

function open<In, Out>(
  config: ConnectConfig<In, Out>,
  dial: Dial,
  framing: Framing | undefined,
): Observable<ClientConnection<In, Out>> {
  const { protocols = [], headers = {}, tls, perMessageDeflate = true, handshakeTimeoutMs = 10_000 } = config;
  const {
    scheduler,
    signal,
    onError,
    closeIsError = isBadEnd,
    keepAlive,
    maxFragments,
    maxPingsPerSecond,
    webSocketStream,
  } = config;
  const target = webSocketUrl(config.url);
  // The password goes to the server, and neither into messages nor into `handshake`.
  const url = new URL(target);
  url.username = url.password = '';
  const where = `${url.protocol}//${url.host}${url.pathname}`;

  let connection: ClientConnection<In, Out> | undefined;
  const settings = connectionSettings({
    ...config,
    framing,
    closeIsError: (close) => {
      if (signal?.aborted) return false;
      try {
        const isError: unknown = closeIsError(close);
        onRejection(isError, (error) => report(onError, error, connection!));
        return isError !== false;
      } catch (error) {
        report(onError, error, connection!);
        return true;
      }
    },
  });
  const { maxMessageBytes } = settings;
  const request = {
    url: target,
    where,
    protocols,
    headers,
    tls,
    perMessageDeflate,
    webSocketStream,
    handshakeTimeoutMs,
    maxMessageBytes,
    maxFragments,
    maxPingsPerSecond,
    keepAlive,
    scheduler,
  };

  const refusal = aborted(signal).pipe(
    map((): never => {
      throw signal?.reason;
    }),
  );
  return race(refusal, dial(request)).pipe(
    map(({ transport, headers, remoteAddress }) => {
      const handshake = { url, path: url.pathname, query: url.searchParams, headers, remoteAddress };
      const opened: ClientConnection<In, Out> = new EngineConnection({
        transport,
        settings,
        handshake,
        context: undefined,
      });
      connection = opened;
      if (signal !== undefined) closeOnAbort(opened, signal);
      return opened;
    }),
  );
}

function closeOnAbort<In, Out>({ closed, close }: ClientConnection<In, Out>, signal: AbortSignal): void {
  aborted(signal)
    .pipe(takeUntil(closed))
    .subscribe(() => close());
}
