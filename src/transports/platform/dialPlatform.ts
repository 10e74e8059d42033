import { Observable } from 'rxjs';
import { HandshakeError } from '../../core/HandshakeError.ts';
import { InvalidArgumentError } from '../../core/InvalidArgumentError.ts';
import type { Clock } from '../../core/Clock.ts';
import { scheduledClock } from '../../core/scheduledClock.ts';
import type { Transport } from '../../core/Transport.ts';
import type { Dialed, DialRequest } from '../Dial.ts';
import { expiry } from '../expiry.ts';
import { platformClock } from './platformClock.ts';
import { listen, type PlatformSocketConstructor } from './PlatformSocket.ts';
import type { PlatformStreamConstructor } from './PlatformStream.ts';
import { PlatformTransport } from './PlatformTransport.ts';
import { StreamTransport } from './StreamTransport.ts';

interface Host {
  WebSocket?: PlatformSocketConstructor;
  WebSocketStream?: PlatformStreamConstructor;
}

/** What becomes of a socket that is dialled. */
interface Dialing {
  readonly clock: Clock;
  open(transport: Transport): void;
  fail(error?: unknown): void;
}

/**
 * Dials through the platform's `WebSocketStream` where it has one, or its `WebSocket`, or another one of that kind; see
 * `Dial`.
 */
export function dialPlatform(request: DialRequest, Socket?: PlatformSocketConstructor): Observable<Dialed> {
  const { where, headers, tls, handshakeTimeoutMs, webSocketStream, scheduler } = request;
  const clock = scheduledClock(platformClock, scheduler);
  return new Observable((subscriber) => {
    const { WebSocket = Socket, WebSocketStream } = globalThis as Host;
    const fail = (what: string, cause?: unknown): void => {
      const options = cause === undefined ? {} : { cause };
      subscriber.error(new HandshakeError(`could not connect to ${where}: ${what}`, {}, options));
    };
    const dialing: Dialing = {
      clock,
      open: (transport) => {
        subscriber.next({ transport, headers: {}, remoteAddress: '' });
        subscriber.complete();
      },
      fail: (error) =>
        fail('the server was not reached, or refused; the platform does not tell which', error),
    };
    if (Object.keys(headers).length > 0 || tls) {
      throw new InvalidArgumentError(
        'the platform sets headers and TLS itself; pass a token in the query, a subprotocol or the first message',
      );
    }
    const late = (): void => fail(`not open within ${handshakeTimeoutMs} ms`);
    subscriber.add(expiry(handshakeTimeoutMs, clock).subscribe(late));
    try {
      if (WebSocketStream && webSocketStream !== false && !Socket)
        return dialStream(WebSocketStream, request, dialing);
      if (WebSocket) return dialSocket(Socket ?? WebSocket, request, dialing);
    } catch (cause) {
      throw new InvalidArgumentError((cause as Error).message, { cause });
    }
    return fail('this platform has no WebSocket');
  });
}

function dialStream(
  Stream: PlatformStreamConstructor,
  { url, protocols, maxMessageBytes }: DialRequest,
  { clock, open, fail }: Dialing,
): () => void {
  const controller = new AbortController();
  const { signal } = controller;
  const stream = new Stream(url.href, { protocols: [...protocols], signal });
  stream.opened.then((opened) => {
    // Too late for the signal.
    if (signal.aborted) stream.close();
    else open(new StreamTransport(stream, opened, maxMessageBytes, clock));
  }, fail);
  stream.closed.catch(() => {});
  return () => controller.abort();
}

function dialSocket(
  Socket: PlatformSocketConstructor,
  { url, protocols, maxMessageBytes }: DialRequest,
  { clock, open, fail }: Dialing,
): () => void {
  const socket = new Socket(url.href, [...protocols]);
  const forget = listen(socket, ({ type, error }) => {
    if (type !== 'open') return fail(error);
    isOpen = true;
    forget();
    open(new PlatformTransport(socket, maxMessageBytes, clock));
  });
  let isOpen = false;
  socket.binaryType = 'arraybuffer';
  return () => {
    forget();
    if (!isOpen) socket.close();
  };
}
