// Ten a second for each connection: the peer is not read faster, and nothing is thrown away.
import { flowMap, handle, listen } from 'rxjs-ws';
import { endWith, ignoreElements, timer } from 'rxjs';

listen({ port: Number(process.env.PORT ?? 8080), listening: ({ url }) => console.log(url) })
  .pipe(
    handle((connection) =>
      connection.text.pipe(flowMap(connection, (line) => timer(100).pipe(ignoreElements(), endWith(line)))),
    ),
  )
  .subscribe();
