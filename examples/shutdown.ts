// Kubernetes: stop accepting, let each conversation finish, leave. The process then ends by itself.
import { handle, listen } from 'rxjs-ws';
import { fromEvent, map } from 'rxjs';

listen({
  port: Number(process.env.PORT ?? 8080),
  closeWhen: fromEvent(process, 'SIGTERM'),
  listening: ({ url }) => console.log(url),
})
  .pipe(handle(({ text }) => text.pipe(map((line) => line.toUpperCase()))))
  .subscribe({
    next: ({ close }) => console.log('closed', close.code),
    error: (error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    },
    complete: () => console.log('all closed'),
  });
