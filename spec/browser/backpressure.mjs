// What the server notices of a page that does not read: with `WebSocketStream` it has to wait, with `WebSocket` it never does.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { handle, listen } from 'rxjs-ws';
import { filter, firstValueFrom, map, ReplaySubject, skipWhile, take, takeUntil, timer } from 'rxjs';

const MESSAGE_BYTES = 65_536;
/** 48 MiB: more than all the buffers on the way can hold. */
const COUNT = 768;

export async function backpressure(page, script) {
  const http = createServer((_, response) => response.end('<!doctype html><title>slow</title>'));
  const connections = new ReplaySubject(1);
  let pulled = 0;
  function* feed(connection) {
    connections.next(connection);
    for (pulled = 0; pulled < COUNT; pulled++) yield Buffer.alloc(MESSAGE_BYTES, pulled);
  }
  const serving = [
    listen({ server: http, path: '/feed' }).pipe(handle(feed)).subscribe(),
    listen({ server: http, path: '/leaves' })
      .pipe(
        handle(({ close, send }) => {
          // More than is read ahead, and less than the browser takes at once: so it sees the close.
          for (let n = 0; n < 9; n++) send(Buffer.alloc(10_000, n));
          close(4001, 'enough');
          return [];
        }),
      )
      .subscribe(),
  ];
  http.listen(0);
  await once(http, 'listening');
  const { port } = http.address();
  const url = `ws://localhost:${port}`;
  await page.goto(`http://localhost:${port}`);
  await page.addScriptTag({ content: script });

  /** A page that holds, and what the server sees of it. */
  const held = async (webSocketStream) => {
    await page.evaluate(
      async ({ url, webSocketStream }) => {
        // A page that is not read from is closed with 1008, where it cannot make the server wait.
        window.connection = await rxjsWs.dial({ url, webSocketStream, maxQueuedBytes: Infinity });
        window.held = window.connection.hold();
        window.seen = [];
        window.connection.binary.subscribe((bytes) => window.seen.push(bytes[0]));
      },
      { url: `${url}/feed`, webSocketStream },
    );
    return firstValueFrom(connections.pipe(filter(({ state }) => state === 'open')));
  };
  const released = () =>
    page.evaluate(async () => {
      window.held.unsubscribe();
      const { openMs: _, ...close } = await rxjsWs.firstValueFrom(window.connection.closed);
      return { seen: window.seen, close };
    });
  const whole = {
    seen: Array.from({ length: COUNT }, (_, n) => n & 255),
    close: { code: 1000, reason: '', wasClean: true, by: 'peer' },
  };

  // The server is told to wait, does, and nothing is lost.
  const slow = await held(true);
  await firstValueFrom(slow.writable.pipe(skipWhile((isWritable) => isWritable)));
  const { writable } = slow;
  const changes = writable.pipe(
    map((isWritable) => isWritable && pulled),
    takeUntil(timer(1_000)),
  );
  await new Promise((complete) => changes.subscribe({ complete }));
  assert.equal(await firstValueFrom(writable), false);
  assert.ok(pulled < COUNT / 2, `the server waits: it has sent ${pulled} of ${COUNT}`);
  assert.deepEqual(await released(), whole);

  // Without it the page has to take everything.
  await held(false);
  await page.waitForFunction(() => window.connection.state === 'closed');
  assert.equal(pulled, COUNT);
  assert.deepEqual(await released(), whole);

  // What a page has not read when the server closes the browser drops: that connection was lost.
  const left = await page.evaluate(async (url) => {
    const connection = await rxjsWs.dial(url);
    const hold = connection.hold();
    const { openMs: _, error, ...close } = await rxjsWs.firstValueFrom(connection.closed);
    let read = 0;
    connection.binary.subscribe(() => read++);
    hold.unsubscribe();
    await rxjsWs.lastValueFrom(connection.messages, { defaultValue: '' });
    return { close, code: error.closeCode, read: read > 0 };
  }, `${url}/leaves`);
  assert.deepEqual(left, {
    close: { code: 4001, reason: 'enough', wasClean: false, by: 'peer' },
    code: 1008,
    read: true,
  });

  for (const each of serving) each.unsubscribe();
  http.close();
  await givesUp(page);
}

/** Whoever leaves before the server has answered leaves nothing. */
async function givesUp(page) {
  const silent = createTcpServer().listen(0);
  await once(silent, 'listening');
  for (const webSocketStream of [true, false]) {
    const asked = once(silent, 'connection');
    await page.evaluate(
      ({ url, webSocketStream }) => {
        window.subscription = rxjsWs.connect({ url, webSocketStream }).subscribe();
      },
      { url: `ws://localhost:${silent.address().port}`, webSocketStream },
    );
    const [socket] = await asked;
    socket.resume();
    const gone = once(socket, 'close');
    await page.evaluate(() => window.subscription.unsubscribe());
    await gone;
  }
  silent.close();
}
