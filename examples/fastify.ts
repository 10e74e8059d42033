// Beside Fastify, whose plugin makes the upgrades: routes, hooks and schemas are Fastify's, the connection is ours.
import websocket from '@fastify/websocket';
import fastify from 'fastify';
import { type Connection, fromWebSocket, handle } from 'rxjs-ws';
import { map, Subject } from 'rxjs';

const app = fastify();
await app.register(websocket);

interface Session {
  readonly room: string;
}
const sessions = new Subject<Connection<string | Uint8Array, string, Session>>();
sessions
  .pipe(handle(({ text, context }) => text.pipe(map((line) => `${context.room}: ${line}`))))
  .subscribe(({ close }) => console.log('closed', close.code));

app.get('/', () => 'ordinary HTTP');
app.get<{ Params: Session }>('/rooms/:room', { websocket: true }, (ws, request) => {
  // At once: what the client has sent already would be lost in a later turn.
  sessions.next(fromWebSocket(ws, request.raw, { context: request.params }));
});

await app.listen({ port: Number(process.env.PORT ?? 8080) });
console.log('listening on', app.server.address());
