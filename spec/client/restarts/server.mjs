// A server of plain `ws`, in a process of its own: answers requests after a while, ticks to who subscribes, and tells its
// parent when one client has two connections.
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ port: Number(process.argv[2]), host: '127.0.0.1' });
const open = new Map();
let accepted = 0;

server.on('listening', () => process.send({ kind: 'listening', port: server.address().port }));
server.on('connection', (socket, request) => {
  const client = new URL(request.url, 'ws://localhost').searchParams.get('client');
  accepted++;
  open.set(client, (open.get(client) ?? 0) + 1);
  if (open.get(client) > 1) process.send({ kind: 'double', client });
  process.send({ kind: 'accepted', accepted });
  let ticking;
  let isFirst = true;
  socket.on('message', (data) => {
    const message = JSON.parse(data);
    // What a link sends first on a connection are its channels.
    if (isFirst && message.kind !== 'subscribe') process.send({ kind: 'unordered', client });
    isFirst = false;
    // Some are never answered: the end of the process meets them on their way.
    if (message.kind === 'ask' && message.id % 10 !== 0) {
      setTimeout(
        () => socket.send(JSON.stringify({ kind: 'reply', id: message.id, twice: message.id * 2 })),
        message.id % 20,
      );
    } else if (message.kind === 'subscribe') {
      clearInterval(ticking);
      ticking = setInterval(() => socket.send(JSON.stringify({ kind: 'tick' })), 20);
    }
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    clearInterval(ticking);
    open.set(client, open.get(client) - 1);
  });
});
