// Behind a proxy that cuts what is idle: pings keep the connection open. All sockets come from the proxy, so who asks is what
// the proxy says; it has to overwrite the header (`proxy_set_header X-Real-IP $remote_addr`), and nothing else may reach the port.
import { handle, listen } from 'rxjs-ws';
import { map } from 'rxjs';

listen({
  host: '127.0.0.1',
  port: Number(process.env.PORT ?? 8080),
  // Well below the `proxy_read_timeout` of nginx, which is 60 s by default.
  keepAlive: { intervalMs: Number(process.env.PING_MS ?? 20_000) },
  maxConnectionsPerAddress: 20,
  addressOf: ({ headers }) => headers['x-real-ip'],
  // The page is served by the proxy under a name of its own.
  origins: [process.env.ORIGIN ?? 'https://app.example'],
  listening: ({ url }) => console.log(url),
})
  .pipe(handle(({ text }) => text.pipe(map((line) => line.toUpperCase()))))
  .subscribe(({ close }) => console.log('closed', close.code));
