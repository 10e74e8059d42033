// What a page gets of `rxjs-ws/webSocket`: the same over the platform's WebSocket.
export { webSocket } from './client/webSocket/platform/webSocket.ts';
export { WebSocketSubject } from './client/webSocket/platform/WebSocketSubject.ts';
export type { WebSocketSubjectConfig } from './client/webSocket/WebSocketSubjectConfig.ts';
