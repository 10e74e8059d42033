// Bounded on both sides: each side is held while the other one is full.
import { connect, handle, listen, sendTo } from 'rxjs-ws';
import { merge, switchMap } from 'rxjs';

const upstreamUrl = process.argv[2] ?? 'ws://localhost:9000';

listen({ port: Number(process.env.PORT ?? 8080), listening: ({ url }) => console.log(url) })
  .pipe(
    handle((client) =>
      connect(upstreamUrl).pipe(
        switchMap((upstream) =>
          merge(
            client.messages.pipe(sendTo(upstream, { holds: client })),
            upstream.messages.pipe(sendTo(client, { holds: upstream })),
          ),
        ),
      ),
    ),
  )
  .subscribe();
