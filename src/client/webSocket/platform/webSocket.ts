import { InvalidArgumentError } from '../../../core/InvalidArgumentError.ts';
import { platformOpener, platformWebSocket } from '../../../transports/platform/platformOpener.ts';
import type { SocketSubject } from '../SocketSubject.ts';
import { subjectOver } from '../subjectOver.ts';
import type { WebSocketSubjectConfig } from '../WebSocketSubjectConfig.ts';

/**
 * The `webSocket` of `rxjs/webSocket`, in a page: see the same in Node. **Throws** an `InvalidArgumentError` where the
 * platform has no `WebSocket`, and no `WebSocketCtor` is given.
 *
 * @example
 * const socket = webSocket<Message>('wss://example.com/chat');
 * socket.subscribe(console.log);
 * socket.next({ say: 'hello' });
 */
export function webSocket<T>(urlConfigOrSource: string | WebSocketSubjectConfig<T>): SocketSubject<T> {
  return subjectOver(urlConfigOrSource, (config) => {
    const Socket = config.WebSocketCtor ?? platformWebSocket();
    if (!Socket)
      throw new InvalidArgumentError('no WebSocket constructor can be found; give one as WebSocketCtor');
    return platformOpener(Socket);
  });
}
