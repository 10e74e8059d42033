// Rooms: what is said in one goes to all who are in it, on this node and, with REDIS=redis://…, on every other.
import { type Handler, handle, json, listen, memory, topics } from 'rxjs-ws';
import { redis } from 'rxjs-ws/redis';
import { ignoreElements, merge, tap } from 'rxjs';

type Said = { text: string };
type Line = { from: string; text: string; id?: string };

const codec = json<Said, Line>();
const url = process.env.REDIS;
const rooms = topics({
  codec,
  bus: url === undefined ? memory({ history: true }) : redis({ url, history: { length: 100 } }),
  withId: (line, id) => ({ ...line, id }),
});

// Who comes back says which line was its last: /?room=lobby&name=ann&since=1700000000000-7
const chat: Handler<Said, Line> = ({ messages, writable, handshake: { query } }) => {
  const from = query.get('name') ?? 'anonymous';
  const room = `room:${query.get('room') ?? 'lobby'}`;
  const since = query.get('since') ?? '0';
  const gap = () => ({ from: 'server', text: 'some lines are not there any more' });
  return merge(
    rooms.messages(room, { since, writable, gap, member: from }),
    messages.pipe(
      tap(({ text }) => rooms.publish(room, { from, text })),
      ignoreElements(),
    ),
  );
};

const port = Number(process.env.PORT ?? 8080);
listen({ port, codec, listening: (address) => console.log(address.url) })
  .pipe(handle(chat))
  .subscribe();
rooms.presence('room:lobby').subscribe(({ member, kind }) => console.log(member, kind, 'the lobby'));
