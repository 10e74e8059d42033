// Beside Hono on Node: its server is borrowed, and its paths stay its own.
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { Server } from 'node:http';
import { handle, listen } from 'rxjs-ws';
import { map } from 'rxjs';

const app = new Hono();
app.get('/', (context) => context.text('ordinary HTTP'));

const port = Number(process.env.PORT ?? 8080);
const server = serve({ fetch: app.fetch, port }, (address) => console.log('listening on', address)) as Server;

listen({ server, path: '/rooms/:room', shouldUpgrade: ({ params }) => ({ context: params }) })
  .pipe(handle(({ text, context }) => text.pipe(map((line) => `${context['room']}: ${line}`))))
  .subscribe();
