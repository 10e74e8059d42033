import { constructorOver, type WebSocketSubjectConstructor } from '../constructorOver.ts';
import type { SocketSubject } from '../SocketSubject.ts';
import { webSocket } from './webSocket.ts';

export type WebSocketSubject<T> = SocketSubject<T>;

/** `new WebSocketSubject(urlOrConfig)` is `webSocket(urlOrConfig)`. It is no class to extend. */
export const WebSocketSubject: WebSocketSubjectConstructor = constructorOver(webSocket);
