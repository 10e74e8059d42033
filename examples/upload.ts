// An upload goes to disk no faster than the disk takes it; a half one is never kept.
import { open, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloseError, type Connection, handle, listen } from 'rxjs-ws';

const folder = process.env.UPLOADS ?? tmpdir();

async function upload(connection: Connection) {
  const path = join(folder, connection.id);
  try {
    await using file = await open(`${path}.part`, 'w');
    // Throws when the connection is lost; nothing is read while a chunk is written.
    for await (const message of connection) {
      if (message === 'end') {
        await rename(`${path}.part`, path);
        return `stored ${path}`;
      }
      await file.write(message as Uint8Array);
    }
    throw new CloseError(1008, 'closed before the end');
  } finally {
    await rm(`${path}.part`, { force: true });
  }
}

listen({ port: Number(process.env.PORT ?? 8080), listening: ({ url }) => console.log(url) })
  .pipe(handle(upload))
  .subscribe(({ finished, close }) => console.log(finished ? 'stored' : 'not stored', close.code));
