// Says one thing, and prints what comes back until the server closes.
import { connect } from 'rxjs-ws';
import { switchMap, tap } from 'rxjs';

connect(process.argv[2] ?? 'ws://localhost:8080')
  .pipe(
    tap(({ send }) => send('Hello, world!')),
    switchMap(({ text }) => text),
  )
  .subscribe({
    next: (text) => console.log(`Server echo: ${text}`),
    error: console.error,
    complete: () => console.log('closed'),
  });
