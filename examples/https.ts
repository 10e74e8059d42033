// One set of endpoints on two servers of Node, with TLS and without; what asks for no upgrade is answered by Node.
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { accept, handle, listen, upgradeHandler } from 'rxjs-ws';
import { map } from 'rxjs';

const answer: RequestListener = (_, response) => response.end('ordinary HTTP');
const tls = {
  key: readFileSync(process.env.TLS_KEY ?? 'spec/fixtures/server.key'),
  cert: readFileSync(process.env.TLS_CERT ?? 'spec/fixtures/server.crt'),
};
const servers = [createHttpServer(answer), createHttpsServer(tls, answer)];

for (const server of servers) {
  listen({ server, path: '/echo' })
    .pipe(handle(({ messages }) => messages))
    .subscribe();
  listen({ server, path: '/api/*', maxConnections: 100 })
    .pipe(handle(({ text, handshake }) => text.pipe(map((line) => `${handshake.path}: ${line}`))))
    .subscribe();
}

// By hand, where something else has the `upgrade` event, and calls us.
const { handleUpgrade, upgrades } = upgradeHandler({ path: '/by-hand' });
upgrades
  .pipe(
    accept(({ headers }) => ({ context: headers['user-agent'] ?? 'somebody' })),
    handle(({ text, context }) => text.pipe(map((line) => `${line}, ${context}`))),
  )
  .subscribe();
for (const server of servers) server.on('upgrade', handleUpgrade);

servers.forEach((server, index) => {
  const port = Number(process.env.PORT ?? 8080);
  server.listen(port === 0 ? 0 : port + index, () => console.log('listening on', server.address()));
});
