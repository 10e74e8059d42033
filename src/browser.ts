// What a page gets of `rxjs-ws`: the client over the platform's WebSocket.
export { connect } from './client/platform/connect.ts';
export { dial } from './client/platform/dial.ts';
export { link } from './client/platform/link.ts';
export { handle } from './server/handle.ts';
export * from './shared.ts';
