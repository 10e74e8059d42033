// Three endpoints beside an Express app.
import express from 'express';
import { createServer } from 'node:http';
import { accept, handle, listen, reject, upgrades } from 'rxjs-ws';
import { interval, map } from 'rxjs';

const app = express();
app.get('/', (_, response) => {
  response.send('ordinary HTTP');
});
const server = createServer(app);
server.listen(Number(process.env.PORT ?? 8080), () => console.log('listening on', server.address()));

listen({ server, path: '/echo' })
  .pipe(handle(({ messages }) => messages))
  .subscribe();
listen({ server, path: '/clock' })
  .pipe(handle(() => interval(1_000).pipe(map(() => new Date().toISOString()))))
  .subscribe();

// The long form, where the upgrades themselves need operators.
upgrades(server, { path: '/admin' })
  .pipe(
    accept(({ headers }) => (headers['x-admin'] ? { context: { admin: headers['x-admin'] } } : reject(403)), {
      maxMessageBytes: 1_024,
    }),
    handle(({ text, context }) => text.pipe(map((line) => `${context.admin}: ${line}`))),
  )
  .subscribe();
