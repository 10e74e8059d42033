// What happens in Chromium: the page of `npm start`, and the package's browser entry over the platform's WebSocket.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { WebSocketServer } from 'ws';
import { killAll, startFile } from '../package/child.mjs';
import { backpressure } from './backpressure.mjs';

const root = resolve(import.meta.dirname, '../..');

export default async (page) => {
  page.setDefaultTimeout(10_000);
  try {
    await startPage(page);
    await platform(page);
  } finally {
    killAll();
  }
};

async function startPage(page) {
  let server = startFile(resolve(root, 'examples/start/server.ts'), { cwd: root, env: { PORT: '0' } });
  const site = /http:\S+/.exec(await server.line('open http'))[0];
  await page.goto(site);

  const panel = (name) => {
    const region = page.getByRole('region', { name, exact: true });
    const field = (term) => region.locator(`dl div:has(dt:text-is("${term}")) dd`);
    return {
      is: (state) =>
        region
          .getByRole('status')
          .filter({ hasText: new RegExp(`^${state}$`) })
          .waitFor(),
      click: (button) => region.getByRole('button', { name: button }).click(),
      end: async () => {
        const [code, by, clean, reason] = ['Code', 'By', 'Clean', 'Reason'].map((term) =>
          field(term).textContent(),
        );
        return { code: await code, by: await by, clean: await clean, reason: await reason };
      },
    };
  };
  const shows = (id, text) => page.locator(`#${id}`).filter({ hasText: text }).waitFor();
  const echo = panel('Echo');
  const ticker = panel('Ticker');
  const type = (text) => page.getByLabel('Text', { exact: true }).fill(text);

  // A person types, and sees it come back reversed.
  await echo.is('open');
  await shows('reversed', /^Connected$/);
  await type('héllo 👩‍👩‍👧');
  await shows('reversed', /^👩‍👩‍👧 olléh$/);
  const rows = page.locator('#log tr');
  await rows.filter({ hasText: /\/echo↑ outhéllo 👩‍👩‍👧$/ }).waitFor();
  await rows.filter({ hasText: /\/echo↓ in👩‍👩‍👧 olléh$/ }).waitFor();

  // The server pushes.
  await ticker.is('open');
  await shows('time', /^\d\d:\d\d:\d\d$/);
  await page.waitForFunction(() => Number(document.querySelector('#ticks').textContent) >= 2);
  await shows('people', /^1$/);
  const visitor = await page.context().newPage();
  await visitor.goto(site);
  await shows('people', /^2$/);
  await visitor.close();
  await shows('people', /^1$/);

  // Dropped, it is lost; the other one goes on. Opened again, what stands in the field is sent again.
  await echo.click('Drop');
  await echo.is('closed');
  assert.deepEqual(await echo.end(), { code: '1006', by: 'local', clean: 'no', reason: '–' });
  await ticker.is('open');
  await type('again');
  await echo.click('Open');
  await shows('reversed', /^niaga$/);
  await echo.is('open');
  assert.equal((await echo.end()).code, '–');

  await echo.click('Close');
  await echo.is('closed');
  assert.deepEqual(await echo.end(), {
    code: '1000',
    by: 'local',
    clean: 'yes',
    reason: 'closed on the page',
  });
  await server.line('/echo closed 1000 closed on the page');
  await echo.click('Open');
  await echo.is('open');

  await slowReader(page, panel('Slow reader'));

  // Nothing of it is cut off on a narrow screen.
  await page.setViewportSize({ width: 320, height: 800 });
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);

  await page.setViewportSize({ width: 1000, height: 900 });
  server = await restarts(page, server, site);

  // The server stops, and is gone.
  const stopped = server.stop('SIGTERM');
  for (const each of [echo, ticker, panel('Slow reader')]) {
    await each.is('closed');
    assert.deepEqual(await each.end(), { code: '1001', by: 'peer', clean: 'yes', reason: '–' });
  }
  assert.equal(await stopped, 0);
  await echo.click('Open');
  await page.getByText('the server was not reached, or refused').first().waitFor();
  await echo.is('closed');
}

/** The server is killed and started again, with a page that is offline meanwhile too: the link and its channels come back. */
async function restarts(page, server, site) {
  const quotes = page.getByRole('region', { name: 'Quotes', exact: true });
  const state = (name) =>
    page
      .locator('#link')
      .filter({ hasText: new RegExp(`^${name}$`) })
      .waitFor();
  const countdown = (text) => page.locator('#countdown').filter({ hasText: text }).waitFor();
  const price = (symbol) => page.locator(`[data-quote=${symbol}]`).textContent();
  /** A price that was not there before: the channel is live. */
  const lives = async (symbol) => {
    const before = await price(symbol);
    await page.waitForFunction(
      ([symbol, before]) => {
        const text = document.querySelector(`[data-quote=${symbol}]`).textContent;
        return text !== before && text !== '–';
      },
      [symbol, before],
    );
  };
  const port = new URL(site).port;
  const start = async () => {
    const next = startFile(resolve(root, 'examples/start/server.ts'), { cwd: root, env: { PORT: port } });
    await next.line('open http');
    return next;
  };

  await state('open');
  for (const symbol of ['ACME', 'DUFF']) await lives(symbol);
  assert.equal(await price('INGEN'), '–');
  await quotes.getByLabel('INGEN').check();
  await lives('INGEN');

  // Killed: it waits, and counts down; each wait ends in an attempt that fails.
  await server.stop('SIGKILL');
  await state('waiting');
  await countdown(/^again in \d\.\d s$/);
  await quotes.getByLabel('DUFF').uncheck();

  // Started again, it is back, with the channels that are still wanted.
  const second = await start();
  await state('open');
  for (const symbol of ['ACME', 'INGEN']) await lives(symbol);
  const left = await price('DUFF');

  // Offline there is no attempt, however long the server has been there.
  await page.context().setOffline(true);
  await second.stop('SIGKILL');
  await state('waiting');
  await countdown(/^until this page is online$/);
  const third = await start();
  await page.waitForTimeout(1_500);
  await countdown(/^until this page is online$/);
  await page.context().setOffline(false);
  await state('open');
  for (const symbol of ['ACME', 'INGEN']) await lives(symbol);
  assert.equal(await price('DUFF'), left);

  // The panels of single connections have to be opened by hand.
  for (const name of ['Echo', 'Ticker', 'Slow reader']) {
    const region = page.getByRole('region', { name, exact: true });
    await region.getByRole('button', { name: 'Open' }).click();
    await region
      .getByRole('status')
      .filter({ hasText: /^open$/ })
      .waitFor();
  }
  return third;
}

/** What becomes of a feed that is not read fast enough, as the panel tells and plots it. */
async function slowReader(page, slow) {
  const choose = (policy) => page.getByLabel('What happens past').selectOption(policy);
  const reads = (perSecond) => page.getByLabel('The reader takes').fill(String(perSecond));
  /** Waits until the panel's numbers are so: `queued` in KiB, the rest a second. */
  const until = (are) =>
    page.waitForFunction((are) => {
      const value = (name) => parseFloat(document.querySelector(`[data-value=${name}]`).textContent);
      return Object.entries(are).every(([name, [min, max]]) => value(name) >= min && value(name) <= max);
    }, are);
  const feed = (text) => page.locator('#feed').filter({ hasText: text }).waitFor();

  // Nearly all is dropped, and little waits; the plot has it.
  await slow.is('open');
  await choose('latest');
  await reads(5);
  await feed('The feed (latest) is open.');
  await until({ dropped: [50, 110], queued: [1, 192], read: [1, 10] });
  assert.ok((await page.locator('path[data-line=dropped]').getAttribute('d')).split('L').length > 5);

  // As fast as it comes: what waited is read, and nothing is dropped any more.
  await reads(200);
  await until({ dropped: [0, 0], queued: [0, 64], read: [60, 200] });

  // Another policy, another feed: this one keeps half a megabyte.
  await reads(5);
  await choose('dropOldest');
  await until({ dropped: [50, 110], queued: [400, 640] });

  // Closed, it says so, and why; the page's own connection stays open. The slider begins a new one.
  await choose('close');
  await feed('The feed (close) was closed with 1013');
  await slow.is('open');
  await reads(200);
  await feed('The feed (close) is open.');
  await choose('error');
  await reads(0);
  await feed('The feed (error) was closed with 1011');
  await choose('latest');
  await feed('The feed (latest) is open.');
}

async function platform(page) {
  const { outputFiles } = await build({
    stdin: {
      contents: `export * from 'rxjs-ws'; export { webSocket } from 'rxjs-ws/webSocket';
        export { firstValueFrom, lastValueFrom, toArray } from 'rxjs'`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    format: 'iife',
    globalName: 'rxjsWs',
    platform: 'browser',
    write: false,
  });
  // A server that is not this library's; a page of its own, since Chromium lets no other page connect to localhost.
  const http = createServer((_, response) => response.end('<!doctype html><title>rxjs-ws</title>')).listen();
  await once(http, 'listening');
  const server = new WebSocketServer({ server: http, verifyClient: ({ req }) => req.url !== '/deny' });
  try {
    const [{ text }] = outputFiles;
    for (const webSocketStream of [true, false])
      await connections(page, server, http.address().port, text, webSocketStream);
    await backpressure(page, text);
  } finally {
    for (const client of server.clients) client.terminate();
    http.close();
  }
}

/** What every page can do, through its `WebSocketStream` or its `WebSocket`. */
async function connections(page, server, port, script, webSocketStream) {
  const ends = [];
  const ended = [];
  server.removeAllListeners('connection');
  server.on('connection', (ws) => {
    ws.on('message', (data, isBinary) => {
      if (data.toString() === 'go') ws.close(4401, 'who are you');
      else ws.send(data, { binary: isBinary });
    });
    ws.on('close', (code, reason) => (ended.shift() ?? ((end) => ends.push(end)))([code, reason.toString()]));
  });
  /** How the server saw the next connection end. */
  const end = () => new Promise((found) => (ends.length > 0 ? found(ends.shift()) : ended.push(found)));
  const url = `ws://localhost:${port}`;
  const target = { url, webSocketStream };

  await page.goto(`http://localhost:${port}`);
  await page.addScriptTag({ content: script });

  const echoed = await page.evaluate(async (target) => {
    const connection = await rxjsWs.dial(target);
    const received = [];
    connection.send('héllo');
    connection.send(new Uint8Array([1, 2, 255]));
    connection.send('last');
    for await (const message of connection) {
      received.push(
        typeof message === 'string' ? message : ['bytes', message instanceof Uint8Array, ...message],
      );
      if (message === 'last') break;
    }
    const { capabilities, state } = connection;
    connection.close(1000, 'done');
    const { openMs, ...close } = await rxjsWs.firstValueFrom(connection.closed);
    return { received, capabilities, state, close, openMs: openMs >= 0 };
  }, target);
  assert.deepEqual(echoed, {
    received: ['héllo', ['bytes', true, 1, 2, 255], 'last'],
    capabilities: { hold: webSocketStream, ping: false, fragments: false },
    state: 'open',
    close: { code: 1000, reason: 'done', wasClean: true, by: 'local' },
    openMs: true,
  });
  assert.deepEqual(await end(), [1000, 'done']);

  // A code that a page may not send is not sent, and kept.
  const closedWith = (code, reason) =>
    page.evaluate(
      async ({ target, code, reason }) => {
        const connection = await rxjsWs.dial(target);
        connection.close(code, reason);
        const { openMs: _, ...close } = await rxjsWs.firstValueFrom(connection.closed);
        return close;
      },
      { target, code, reason },
    );
  assert.deepEqual(await closedWith(1011, 'broken'), {
    code: 1011,
    reason: 'broken',
    wasClean: true,
    by: 'local',
  });
  assert.deepEqual(await end(), [1005, '']);
  assert.deepEqual(await closedWith(4001, 'mine'), {
    code: 4001,
    reason: 'mine',
    wasClean: true,
    by: 'local',
  });
  assert.deepEqual(await end(), [4001, 'mine']);

  // `connect`: closed with 1000 on unsubscribe, an error where the peer closes with a code of its own, or refuses.
  await page.evaluate((target) => rxjsWs.firstValueFrom(rxjsWs.connect(target)), target);
  assert.equal((await end())[0], 1000);
  const failure = (target) =>
    page.evaluate(
      (target) =>
        new Promise((found) => {
          rxjsWs.connect(target).subscribe({
            next: ({ send, messages }) => {
              messages.subscribe();
              send('go');
            },
            error: ({ code, close, status }) =>
              found({ code, close: close && [close.code, close.reason, close.by], status }),
          });
        }),
      target,
    );
  assert.deepEqual(await failure(target), {
    code: 'CONNECTION_CLOSED',
    close: [4401, 'who are you', 'peer'],
    status: undefined,
  });
  assert.deepEqual(await end(), [4401, 'who are you']);
  await stopped(page, server, target);
  assert.deepEqual(await end(), [1000, 'all sent']);
  assert.equal((await failure({ ...target, url: `${url}/deny` })).code, 'HANDSHAKE');

  await dropIn(page, url, end);
}

/** A server that does not read makes the page wait; when it reads, all of it comes, and then the close. */
async function stopped(page, server, target) {
  const opened = once(server, 'connection').then(([ws]) => {
    ws.removeAllListeners('message');
    ws.pause();
    return ws;
  });
  const filled = await page.evaluate(async (target) => {
    const connection = await rxjsWs.dial({ ...target, maxQueuedBytes: Infinity });
    for (let n = 0; n < 400; n++) connection.send(new Uint8Array(65_536).fill(n));
    window.ended = rxjsWs.firstValueFrom(connection.closed);
    const isWritable = await rxjsWs.firstValueFrom(connection.writable);
    connection.close(1000, 'all sent');
    return { isWritable, waits: connection.bufferedBytes > 1_000_000 };
  }, target);
  assert.deepEqual(filled, { isWritable: false, waits: true });
  const ws = await opened;
  const got = [];
  ws.on('message', (data) => got.push(data[0]));
  const closed = once(ws, 'close');
  ws.resume();
  const [code, reason] = await closed;
  assert.deepEqual([code, reason.toString()], [1000, 'all sent']);
  assert.deepEqual(
    got,
    Array.from({ length: 400 }, (_, n) => n & 255),
  );
  assert.equal(await page.evaluate(async () => (await window.ended).wasClean), true);
}

/** `rxjs-ws/webSocket`, over the sockets and events of the page. */
async function dropIn(page, url, end) {
  // Sent before it is open, bytes as a page gives them, and closed with 1000.
  const echoed = await page.evaluate(async (url) => {
    const socket = rxjsWs.webSocket({ url, serializer: (x) => x, deserializer: ({ data }) => data });
    socket.next(new Blob(['bytes']));
    socket.next('text');
    return new Promise((found) => {
      const received = [];
      const subscription = socket.subscribe((data) => {
        received.push(data instanceof Blob ? `a Blob of ${data.size}` : data);
        if (data !== 'text') return;
        subscription.unsubscribe();
        found(received);
      });
    });
  }, url);
  assert.deepEqual(echoed, ['a Blob of 5', 'text']);
  assert.deepEqual(await end(), [1000, '']);

  // Left while it connects, and come back at once: the late events of the first socket do not touch the second one.
  const events = await page.evaluate(async (url) => {
    const events = [];
    const watch = (name) => ({ next: ({ type, wasClean }) => events.push([name, type, wasClean ?? '']) });
    const socket = rxjsWs.webSocket({ url, openObserver: watch('open'), closeObserver: watch('close') });
    socket.subscribe({ error: () => events.push('error') }).unsubscribe();
    const messages = rxjsWs.lastValueFrom(socket.pipe(rxjsWs.toArray()));
    socket.subscribe(() => socket.complete());
    socket.next('hello');
    events.push(await messages);
    return events;
  }, url);
  assert.deepEqual(events, [
    ['close', 'close', false],
    ['open', 'open', ''],
    ['close', 'close', true],
    ['hello'],
  ]);
  // The first one is cut; whether the server had accepted it by then is a matter of chance.
  // So is when the server hears of a socket of the page that was left before.
  let seen = await end();
  while (seen[0] === 1006 || seen[0] === 1001) seen = await end();
  assert.deepEqual(seen, [1000, '']);

  // A code that a page may not send is an error of the subscribers; the socket is closed without one.
  const refused = await page.evaluate(
    (url) =>
      new Promise((found) => {
        const next = () => socket.error({ code: 1001, reason: 'leaving' });
        const socket = rxjsWs.webSocket({ url, openObserver: { next } });
        socket.subscribe({ error: ({ name }) => found(name) });
      }),
    url,
  );
  assert.equal(refused, 'InvalidAccessError');
  assert.deepEqual(await end(), [1005, '']);

  // The server closes with a code of its own; and there is none.
  const ended = (url) =>
    page.evaluate(
      (url) =>
        new Promise((found) => {
          const close = [];
          const next = ({ code, reason }) => close.push(code, reason);
          const socket = rxjsWs.webSocket({ url, serializer: (x) => x, closeObserver: { next } });
          socket.next('go');
          socket.subscribe({
            error: ({ type }) => setTimeout(() => found([type, ...close])),
            complete: () => found(['complete', ...close]),
          });
        }),
      url,
    );
  assert.deepEqual(await ended(url), ['complete', 4401, 'who are you']);
  assert.equal((await ended(`${url}/deny`))[0], 'error');
}
