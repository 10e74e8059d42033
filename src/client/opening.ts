import { defer, from, fromEvent, map, NEVER, type Observable, of, race, switchMap, take, throwIfEmpty } from 'rxjs';
import type { Connection } from '../connection/Connection.ts';
import { connectionSettings } from '../connection/ConnectionConfig.ts';
import { EngineConnection, type Opened } from '../connection/EngineConnection.ts';
import type { CloseInfo } from '../core/CloseInfo.ts';
import { report } from '../core/ErrorReport.ts';
import { InvalidArgumentError } from '../core/InvalidArgumentError.ts';
import type { Dial } from '../transports/Dial.ts';
import type { ConnectConfig, Dialable, Target } from './ConnectConfig.ts';
import { webSocketUrl } from './webSocketUrl.ts';

/**
 * Dials at each subscription. **Emits** the connection once it is open, within the event that opened it, and
 * **completes**. **On unsubscribe** before that it stops dialling; from then on the connection is the caller's.
 */
export function opening<In, Out>(dialable: Dialable<In, Out>, dial: Dial): Observable<EngineConnection<In, Out, undefined>> {
  return defer(() => targets(dialable)).pipe(
    take(1),
    throwIfEmpty(() => new InvalidArgumentError('the function that tells where to connect to gave nothing')),
    switchMap((target) => open(isUrl(target) ? { url: target } : target, dial)),
  );
}

function open<In, Out>(config: ConnectConfig<In, Out>, dial: Dial): Observable<EngineConnection<In, Out, undefined>> {
  const { protocols = [], headers = {}, tls, perMessageDeflate = true, handshakeTimeoutMs = 10_000, signal } = config;
  const target = webSocketUrl(config.url);
  const url = new URL(target);
  url.username = url.password = '';
  const where = `${url.protocol}//${url.host}${url.pathname}`;
  const settings = connectionSettings({ ...config, closeIsError: (close) => isError(close) } as ConnectConfig<never, never>);
  const onError = config.onError as Opened<undefined>['onError'];
  const { maxMessageBytes } = settings;
  let connection: EngineConnection<In, Out, undefined>;

  const isError = (close: CloseInfo): boolean => {
    if (signal?.aborted) return false;
    try {
      return (config.closeIsError ?? isBadEnd)(close);
    } catch (error) {
      report(onError, error, connection as Connection<never, never>);
      return true;
    }
  };
  const dialed = dial({
    url: target,
    where,
    protocols,
    headers,
    tls,
    perMessageDeflate,
    handshakeTimeoutMs,
    maxMessageBytes,
  });
  return race(abortion(signal), dialed).pipe(
    map(({ transport, ...answer }) => {
      const handshake = { url, path: url.pathname, query: url.searchParams, ...answer };
      connection = new EngineConnection({ transport, settings, handshake, context: undefined, onError });
      closeOnAbort(connection, signal);
      return connection;
    }),
  );
}
