// A program with a loopback and no port: it waits for what only real time brings, and ends by itself where nothing is left.
import { firstValueFrom, map, NEVER } from 'rxjs';
import { type Connection, handle, listen } from '../../src/index.ts';
import { loopback } from '../../src/testing/loopback.ts';

{
  const shout = handle(({ text }: Connection) => text.pipe(map((line) => line.toUpperCase())));
  await using net = loopback(listen({ port: 8080 }).pipe(shout));
  const connection = await net.dial('/chat');
  connection.send('hello');
  console.log(await firstValueFrom(connection.text));
}

const undecided = loopback(listen({ shouldUpgrade: () => NEVER }));
await undecided.dial({ url: '/', handshakeTimeoutMs: 20 }).catch(() => console.log('not open'));
undecided.unsubscribe();

const nobody = loopback(NEVER, { listenTimeoutMs: 20 });
await nobody.dial('/').catch(() => console.log('nobody listens'));
nobody.unsubscribe();

const net = loopback(listen({ finishTimeoutMs: 20 }).pipe(handle(() => NEVER)));
(await net.dial('/')).close();
const { close, finished } = await firstValueFrom(net.server);
console.log('ended', close.code, finished);
const last = await net.dial('/');
last.closed.subscribe(({ code }) => console.log('closed', code));
net.unsubscribe();
