import { Observable } from 'rxjs';
import { HandshakeError } from '../../core/HandshakeError.ts';
import { InvalidArgumentError } from '../../core/InvalidArgumentError.ts';
import { scheduledClock } from '../../core/scheduledClock.ts';
import type { Dialed, DialRequest } from '../Dial.ts';
import { expiry } from '../expiry.ts';
import { platformClock } from './platformClock.ts';
import type { PlatformEvent, PlatformSocket, PlatformSocketConstructor } from './PlatformSocket.ts';
import { PlatformTransport } from './PlatformTransport.ts';

interface Host {
  WebSocket?: PlatformSocketConstructor;
}

/** Dials through the platform's `WebSocket`, or another one of its kind; see `Dial`. */
export function dialPlatform(request: DialRequest, Socket?: PlatformSocketConstructor): Observable<Dialed> {
  const { where, handshakeTimeoutMs, maxMessageBytes, scheduler } = request;
  const clock = scheduledClock(platformClock, scheduler);
  return new Observable<Dialed>((subscriber) => {
    let opened = false;
    const fail = (what: string, options?: ErrorOptions): void => {
      subscriber.error(new HandshakeError(`could not connect to ${where}: ${what}`, {}, options));
    };
    const onFailed = ({ error }: PlatformEvent): void => {
      const what = 'the server was not reached, or refused; the platform does not tell which';
      fail(what, error === undefined ? {} : { cause: error });
    };
    const onOpen = (): void => {
      opened = true;
      const transport = new PlatformTransport(socket, maxMessageBytes, clock);
      subscriber.next({ transport, headers: {}, remoteAddress: '' });
      subscriber.complete();
    };
    const socket = create(request, Socket ?? (globalThis as Host).WebSocket);
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('open', onOpen);
    socket.addEventListener('error', onFailed);
    socket.addEventListener('close', onFailed);
    subscriber.add(
      expiry(handshakeTimeoutMs, clock).subscribe(() => fail(`not open within ${handshakeTimeoutMs} ms`)),
    );
    return () => {
      socket.removeEventListener('open', onOpen);
      socket.removeEventListener('error', onFailed);
      socket.removeEventListener('close', onFailed);
      if (!opened) socket.close();
    };
  });
}

function create(
  { url, protocols, headers, tls, where }: DialRequest,
  Socket: PlatformSocketConstructor | undefined,
): PlatformSocket {
  if (Socket === undefined)
    throw new HandshakeError(`could not connect to ${where}: this platform has no WebSocket`);
  if (Object.keys(headers).length > 0 || tls !== undefined) {
    throw new InvalidArgumentError(
      'the platform sets headers and TLS itself; pass a token in the query, a subprotocol or the first message',
    );
  }
  try {
    return new Socket(url.href, [...protocols]);
  } catch (cause) {
    throw new InvalidArgumentError((cause as Error).message, { cause });
  }
}
