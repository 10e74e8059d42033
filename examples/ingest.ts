// Fire-and-forget metrics: every batch that arrived before a clean close is stored, four at a time.
import { flowMap, handle, json, listen } from 'rxjs-ws';
import { ignoreElements } from 'rxjs';

/** Stands for a database. */
async function store(batch: readonly number[]): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 5));
  console.log('stored', batch.join(' '));
}

listen({
  port: Number(process.env.PORT ?? 8080),
  codec: json<number[], never>(),
  listening: ({ url }) => console.log(url),
})
  .pipe(
    handle((connection) =>
      connection.messages.pipe(flowMap(connection, store, { concurrency: 4 }), ignoreElements()),
    ),
  )
  .subscribe(({ close }) => console.log('closed', close.code, close.error ?? ''));
