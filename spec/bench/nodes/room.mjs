// A node of a service that has one room on all its nodes, over Redis: who connects is in it, and what a node says goes to all.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { answer } from '../answer.mjs';
import { messageOf } from '../messageOf.mjs';
import { load, root } from '../peers.mjs';
import { pacedBy, windowed } from './publishing.mjs';

const url = process.env.BENCH_BUS;
const [library, , bytes] = process.argv[2].split(' ');
const message = messageOf(Number(bytes));
const { createClient } = createRequire(join(root, 'package.json'))('@redis/client');

const ready = async (port, say) => {
  const publish = () => say(message);
  const credit = await windowed(publish);
  answer({ port, credit: credit.port }, { publish: credit.publish, paced: pacedBy(publish) });
};

const nodes = {
  ours: async () => {
    const { handle, json, listen, topics } = await load('index.js');
    const { redis } = await load('redis.js');
    const codec = json();
    const rooms = topics({ codec, bus: redis({ client: createClient({ url }), idleMs: 86_400_000 }) });
    const listening = ({ port }) => void ready(port, (said) => rooms.publish('room', said));
    listen({ port: 0, codec, listening })
      .pipe(handle(() => rooms.messages('room')))
      .subscribe();
  },
  'socket.io': async () => {
    const { Server } = await import('socket.io');
    const { createAdapter } = await import('@socket.io/redis-adapter');
    const [publisher, subscriber] = [createClient({ url }), createClient({ url })];
    await Promise.all([publisher.connect(), subscriber.connect()]);
    const http = createServer();
    const pings = { pingInterval: 86_400_000, pingTimeout: 86_400_000 };
    const adapter = createAdapter(publisher, subscriber);
    const io = new Server(http, { transports: ['websocket'], adapter, ...pings });
    io.on('connection', (socket) => socket.join('room'));
    http.listen(0, () => void ready(http.address().port, (said) => io.to('room').emit('m', said)));
  },
};
await nodes[library]();
