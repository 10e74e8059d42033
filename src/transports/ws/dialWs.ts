import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Observable } from 'rxjs';
import { HandshakeError } from '../../core/HandshakeError.ts';
import { InvalidArgumentError } from '../../core/InvalidArgumentError.ts';
import { scheduledClock } from '../../core/scheduledClock.ts';
import type { Dialed, DialRequest } from '../Dial.ts';
import { expiry } from '../expiry.ts';
import { fragmentLimit } from './fragmentLimit.ts';
import { FlushingWebSocket, NO_CLOSE_TIMEOUT, OWN_PONGS } from './FlushingWebSocket.ts';
import { headerFields } from './headerFields.ts';
import { nodeClock } from './nodeClock.ts';
import { startOfBody } from './startOfBody.ts';
import { wsKeepAlive } from './wsKeepAlive.ts';
import type { WsTerms } from './WsTerms.ts';
import { WsTransport } from './WsTransport.ts';

/** What is kept of the body of a refusal. */
const MAX_BODY_BYTES = 4_096;

/** Dials through `ws`, over TCP or TLS or what `connect` gives; see `Dial`. Redirects are not followed. */
export function dialWs(request: DialRequest, connect?: () => Duplex): Observable<Dialed> {
  const { where, handshakeTimeoutMs, scheduler, maxPingsPerSecond } = request;
  const clock = scheduledClock(nodeClock, scheduler);
  return new Observable<Dialed>((subscriber) => {
    let answer: { status?: number; headers?: Record<string, string>; body?: string } = {};
    let socket: Socket | undefined;
    let opened = false;

    const fail = (what: string, options?: ErrorOptions): void => {
      subscriber.error(new HandshakeError(`could not connect to ${where}: ${what}`, answer, options));
    };
    const answered = ({ statusCode, headers }: IncomingMessage): void => {
      answer = {
        headers: headerFields(headers),
        ...(statusCode === undefined ? {} : { status: statusCode }),
      };
    };
    const keepAlive = wsKeepAlive(clock, request.keepAlive);
    const terms: WsTerms = { side: 'client', clock, keepAlive, maxPingsPerSecond };
    const ws = create(request, connect);
    ws.on('error', (cause: NodeJS.ErrnoException) => {
      // Where every address of a name refused, Node's error has a code and no message.
      fail(cause.message || String(cause.code), { cause });
    });
    ws.on('unexpected-response', (_request, response) => {
      answered(response);
      subscriber.add(
        startOfBody(response, MAX_BODY_BYTES).subscribe({
          next: (body) => {
            answer.body = body;
          },
          complete: () => fail(refusal(response)),
        }),
      );
    });
    ws.on('upgrade', (response) => {
      answered(response);
      socket = response.socket;
    });
    ws.on('open', () => {
      opened = true;
      // From now on the transport is told.
      ws.removeAllListeners();
      subscriber.next({
        transport: new WsTransport(ws, socket!, terms),
        headers: answer.headers ?? {},
        remoteAddress: socket?.remoteAddress ?? '',
      });
      subscriber.complete();
    });
    subscriber.add(
      expiry(handshakeTimeoutMs, clock).subscribe(() => fail(`not open within ${handshakeTimeoutMs} ms`)),
    );
    // The error listener stays: `ws` tells of what is cut here as an error.
    return () => {
      if (!opened) ws.terminate();
    };
  });
}

function create(
  { url, protocols, headers, tls, perMessageDeflate, maxMessageBytes, maxFragments }: DialRequest,
  connect: (() => Duplex) | undefined,
): FlushingWebSocket {
  // Node takes any Duplex for a socket; its types do not know.
  const over: object = connect === undefined ? {} : { createConnection: connect };
  try {
    return new FlushingWebSocket(url.href, [...protocols], {
      ...tls,
      ...NO_CLOSE_TIMEOUT,
      ...OWN_PONGS,
      ...fragmentLimit(maxFragments),
      ...over,
      headers: { ...headers },
      perMessageDeflate,
      maxPayload: maxMessageBytes,
    });
  } catch (cause) {
    // `ws` and Node look at names and values before anything is sent.
    throw new InvalidArgumentError((cause as Error).message, { cause });
  }
}

function refusal({ statusCode = 0, statusMessage, headers: { location } }: IncomingMessage): string {
  const answer = `the server answered ${statusCode} ${statusMessage}`.trimEnd();
  const moved = statusCode >= 300 && statusCode < 400 && location !== undefined;
  return moved ? `${answer}; redirects are not followed, connect to ${location} instead` : answer;
}
