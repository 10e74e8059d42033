// Written for rxjs/webSocket: two topics over one connection, which comes back after a loss. Only the import has changed.
import { webSocket } from 'rxjs-ws/webSocket';
import { merge, retry } from 'rxjs';

interface Message {
  readonly topic: string;
  readonly text: string;
}

const socket = webSocket<Message>(process.argv[2] ?? 'ws://localhost:8080');
const topic = (name: string) =>
  socket.multiplex(
    () => ({ subscribe: name }),
    () => ({ unsubscribe: name }),
    (message) => message.topic === name,
  );

merge(topic('news'), topic('sport'))
  .pipe(retry({ delay: 100 }))
  .subscribe({
    next: ({ topic, text }) => console.log(`${topic}: ${text}`),
    complete: () => console.log('closed'),
  });
