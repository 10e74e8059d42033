import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { addressOf, peer } from './peer.mjs';

const chunkBytes = 65_536;

export default async ({ start }) => {
  const folder = await mkdtemp(join(tmpdir(), 'uploads-'));
  try {
    const example = start({ env: { PORT: '0', UPLOADS: folder } });
    const url = await addressOf(example);

    const content = randomBytes(20 * chunkBytes + 17);
    const client = await peer(url);
    for (let at = 0; at < content.length; at += chunkBytes)
      client.send(content.subarray(at, at + chunkBytes));
    client.send('end');
    const receipt = await client.next();
    const stored = receipt.slice('stored '.length);
    assert.deepEqual(await readFile(stored), content);
    assert.deepEqual(await client.closed, { code: 1000, reason: '' });

    await example.line('stored 1000');

    // Half a file, and then lost: nothing of it is kept.
    const lost = await peer(url);
    lost.send(content.subarray(0, chunkBytes));
    lost.socket.terminate();
    await example.line('not stored 1006');

    // Half a file, and then closed: that is no end either.
    const half = await peer(url);
    half.send(content.subarray(0, chunkBytes));
    half.socket.close(1000);
    await example.line('not stored 1000');
    let kept;
    do kept = await readdir(folder);
    while (kept.length > 1);
    assert.deepEqual(kept, [basename(stored)]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
