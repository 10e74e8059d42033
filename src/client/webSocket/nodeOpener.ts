import { assertClose } from '../../core/closeCode.ts';
import type { Data } from '../../core/Data.ts';
import type { RxjsWsError } from '../../core/RxjsWsError.ts';
import { toData } from '../../core/toData.ts';
import type { Transport } from '../../core/Transport.ts';
import { closeEvent } from '../../transports/closeEvent.ts';
import type { DialRequest } from '../../transports/Dial.ts';
import type { SocketEvent, SocketMessageEvent } from '../../transports/SocketEvents.ts';
import type {
  OpeningSocket,
  SocketObserver,
  SocketOpener,
  SocketTarget,
} from '../../transports/SocketOpener.ts';
import { dialWs } from '../../transports/ws/dialWs.ts';
import { nodeClock } from '../../transports/ws/nodeClock.ts';
import { webSocketUrl } from '../webSocketUrl.ts';

/** As `ws` has them. */
const MAX_MESSAGE_BYTES = 104_857_600;
const CLOSE_TIMEOUT_MS = 30_000;
const HANDSHAKE_TIMEOUT_MS = 10_000;
const HIGH_WATER_BYTES = 65_536;

/** Opens connections of this library, and tells of them as a `WebSocket` would. */
export const nodeOpener: SocketOpener = {
  clock: nodeClock,
  sendsAtOnce: false,
  closeTimeoutMs: CLOSE_TIMEOUT_MS,
  highWaterBytes: () => HIGH_WATER_BYTES,
  // A page makes a text of whatever is no bytes; of an object it would be [object Object].
  payloadOf: (message) =>
    typeof message === 'object' && message !== null ? toData(message) : String(message),
  open: (target, observer) => open(target, observer),
};

function open({ url, protocol = [], binaryType }: SocketTarget, observer: SocketObserver): OpeningSocket {
  let transport: Transport | undefined;
  let isLive = true;
  let refusal: Error | undefined;

  const lost = (): void => observer.closed(closeEvent({ code: 1006, reason: '', wasClean: false }));
  const dialing = dialWs(requestFor(webSocketUrl(url), protocol)).subscribe({
    next: (dialed) => {
      transport = dialed.transport;
      const message = (data: Data): void => observer.message(messageEvent(data, binaryType));
      observer.opened({
        transport,
        event: { type: 'open' } as SocketEvent,
        told: {
          message,
          ended: (end) => {
            isLive = false;
            observer.closed(closeEvent(end));
          },
        },
      });
    },
    error: (reported: unknown) => {
      const error = reported as RxjsWsError;
      isLive = false;
      if (error.code === 'INVALID_ARGUMENT') {
        refusal = error;
        return;
      }
      observer.failed({ type: 'error', message: error.message, error } as unknown as SocketEvent);
      lost();
    },
  });
  if (refusal !== undefined) throw refusal;

  return {
    get isLive() {
      return isLive;
    },
    close: (code = 1000, reason = '') => {
      if (transport !== undefined) {
        assertClose(code, reason);
        transport.close(code, reason);
      } else if (isLive) {
        isLive = false;
        dialing.unsubscribe();
        nodeClock.later(lost);
      }
    },
  };
}

function requestFor(url: URL, protocol: string | string[]): DialRequest {
  return {
    url,
    where: `${url.protocol}//${url.host}${url.pathname}`,
    protocols: typeof protocol === 'string' ? [protocol] : protocol,
    headers: {},
    tls: undefined,
    perMessageDeflate: true,
    handshakeTimeoutMs: HANDSHAKE_TIMEOUT_MS,
    maxMessageBytes: MAX_MESSAGE_BYTES,
    scheduler: undefined,
  };
}

function messageEvent(data: Data, binaryType: string | undefined): SocketMessageEvent {
  return { type: 'message', data: bytesAs(data, binaryType) } as SocketMessageEvent;
}

function bytesAs(data: Data, binaryType: string | undefined): unknown {
  if (typeof data === 'string') return data;
  if (binaryType === 'blob') return new Blob([data]);
  return binaryType === 'arraybuffer' ? Uint8Array.from(data).buffer : data;
}
