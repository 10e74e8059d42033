import { platformOpener, platformWebSocket } from '../../transports/platform/platformOpener.ts';
import { nodeOpener } from './nodeOpener.ts';
import type { SocketSubject } from './SocketSubject.ts';
import { subjectOver } from './subjectOver.ts';
import type { WebSocketSubjectConfig } from './WebSocketSubjectConfig.ts';

/**
 * The `webSocket` of `rxjs/webSocket`: a connection as an Observable of what the server sends, with `next` to send, shared by
 * its subscribers, and opened anew by whoever subscribes after its end. See `WebSocketSubject` for all that it does, and README for
 * what it does otherwise than RxJS.
 *
 *     subscribe      ^----------------!
 *     server         --(open)-a--b-----
 *     webSocket(…)   ---------a--b-----     (unsubscribe of the last: closed with 1000)
 *     next           -x---------y------     (x waits for the opening)
 *
 * Over `WebSocketCtor`, or the platform's `WebSocket`; in Node, where there is neither, over a connection of this library:
 * then the observers and `deserializer` get plain objects with the fields of the events (`type`; `data`; `code`,
 * `reason`, `wasClean`), connecting may take 10 s and a message have 100 MiB. **Throws** nothing; what cannot be connected to
 * is an error of the Observable.
 *
 * @example
 * const socket = webSocket<Message>('wss://example.com/chat');
 * socket.subscribe(console.log);
 * socket.next({ say: 'hello' });
 */
export function webSocket<T>(urlConfigOrSource: string | WebSocketSubjectConfig<T>): SocketSubject<T> {
  return subjectOver(urlConfigOrSource, (config) => {
    const Socket = config.WebSocketCtor ?? platformWebSocket();
    return Socket ? platformOpener(Socket) : nodeOpener;
  });
}
