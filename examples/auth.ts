// The decision about an upgrade may take its time, and what it finds out is the connection's context.
import { handle, listen, reject } from 'rxjs-ws';
import { map, startWith } from 'rxjs';

interface User {
  readonly name: string;
}

/** Stands for a database, or a JWT library. */
function userOf(token: string | undefined): Promise<User | undefined> {
  return Promise.resolve(token === 'secret' ? { name: 'Ada' } : undefined);
}

listen({
  port: Number(process.env.PORT ?? 8080),
  shouldUpgrade: async ({ headers }) => {
    const user = await userOf(headers['authorization']?.replace(/^Bearer /, ''));
    return user ? { context: user } : reject(401, { headers: { 'www-authenticate': 'Bearer' } });
  },
  listening: ({ url }) => console.log(url),
})
  .pipe(
    handle(({ text, context }) =>
      text.pipe(
        map((line) => `${context.name}: ${line}`),
        startWith(`Hello, ${context.name}`),
      ),
    ),
  )
  .subscribe();
