// A program that listens, has clients of every kind, and unsubscribes. It ends by itself where nothing is left.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { endWith, NEVER, Subject, takeUntil } from 'rxjs';
import { WebSocket } from 'ws';
import { handle, listen, type ListenAddress } from '../../src/index.ts';
import { RawClient, upgradeRequest } from './rawClient.ts';

const tls = { key: readFileSync('spec/fixtures/server.key'), cert: readFileSync('spec/fixtures/server.crt') };

for (const config of [{}, { tls }]) {
  const closing = new Subject<never>();
  const { url, port } = await new Promise<ListenAddress>((listening) => {
    listen({
      ...config,
      host: '127.0.0.1',
      handshakeTimeoutMs: 60_000,
      closeWhen: NEVER,
      shouldUpgrade: ({ path }) => (path === '/slow' ? NEVER : true),
      listening,
    })
      .pipe(
        handle(() => NEVER),
        takeUntil(closing.pipe(endWith(0))),
      )
      .subscribe();
  });
  // The clients keep nothing alive by themselves.
  connect(port, '127.0.0.1')
    .on('error', () => {})
    .unref();
  for (const bytes of ['', 'GET / HT', upgradeRequest('/slow')]) {
    ('tls' in config ? RawClient.toTls(port, bytes) : RawClient.to(port, bytes)).socket.unref();
  }
  const ws = new WebSocket(url, { rejectUnauthorized: false });
  ws.on('close', (code) => console.log(url.slice(0, url.indexOf(':')), code));
  await once(ws, 'open');
  closing.complete();
}
