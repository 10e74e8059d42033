// The server that one writes over `ws` with `fromEvent` and `mergeMap`.
import { fromEvent, map, mergeMap, takeUntil, tap } from 'rxjs';
import { answer } from '../answer.mjs';
import { WebSocketServer } from '../peers.mjs';

const server = new WebSocketServer({ port: 0 });
fromEvent(server, 'connection', (ws) => ws)
  .pipe(
    mergeMap((ws) =>
      fromEvent(ws, 'message', ({ data }) => data).pipe(
        map(String),
        tap((message) => ws.send(message)),
        takeUntil(fromEvent(ws, 'close')),
      ),
    ),
  )
  .subscribe();
server.on('listening', () => answer({ port: server.address().port }));
