// `rxjs-ws/webSocket` in Node: what `rxjs/webSocket` exported.
export { webSocket } from './client/webSocket/webSocket.ts';
export { WebSocketSubject } from './client/webSocket/WebSocketSubject.ts';
export type { WebSocketSubjectConfig } from './client/webSocket/WebSocketSubjectConfig.ts';
