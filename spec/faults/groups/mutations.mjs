// Valid streams of frames, changed by chance: what is delivered, what is answered and how it ends is what RFC 6455 makes
// of them, by a decoder that is written for it (`verdict.mjs`), and the same whole and byte by byte.
import { createServer } from 'node:http';
import { Duplex } from 'node:stream';
import * as ours from 'rxjs-ws';
import { NEVER } from 'rxjs';
import { WebSocket, WebSocketServer } from 'ws';
import { mutated, validStream } from '../mutate.mjs';
import { KEY, switching } from '../Peer.mjs';
import { turn } from '../until.mjs';
import { verdict } from '../verdict.mjs';
import { CLOSE, FrameReader } from '../wire.mjs';

const MAX = 600;

/** A socket without a port: what is fed to it arrives, what is written to it is kept. */
class Wire extends Duplex {
  written = [];

  _read() {}

  _write(piece, _encoding, done) {
    this.written.push(piece);
    done();
  }

  setTimeout() {
    return this;
  }

  setNoDelay() {
    return this;
  }

  feed(bytes) {
    if (!this.destroyed) this.push(bytes);
  }

  get text() {
    return Buffer.concat(this.written).toString('latin1');
  }

  /** The code of the close frame that was written behind the handshake. */
  get closeCode() {
    const [all] = [Buffer.concat(this.written)];
    const found = new FrameReader()
      .push(all.subarray(all.indexOf('\r\n\r\n') + 4))
      .find(({ opcode }) => opcode === CLOSE);
    if (found === undefined) return undefined;
    return found.payload.length < 2 ? 1005 : found.payload.readUInt16BE(0);
  }
}

const upgradeOn = (wire) => ({
  method: 'GET',
  url: '/',
  httpVersion: '1.1',
  httpVersionMajor: 1,
  httpVersionMinor: 1,
  headers: {
    host: '127.0.0.1',
    upgrade: 'websocket',
    connection: 'Upgrade',
    'sec-websocket-key': KEY,
    'sec-websocket-version': '13',
  },
  rawHeaders: ['Host', '127.0.0.1'],
  socket: wire,
});

const hexOf = (data) =>
  typeof data === 'string'
    ? `text ${Buffer.from(data).toString('hex')}`
    : `binary ${Buffer.from(data).toString('hex')}`;

const watch = (record, { messages, closed }) => {
  messages.subscribe((data) => record.messages.push(hexOf(data)));
  closed.subscribe(({ code, by, wasClean }) => record.ends.push({ code, by, wasClean }));
};

/** How each end is opened on a wire; the record gets what it tells. */
const ends = {
  server: (attempt) => {
    const server = createServer();
    const records = new WeakMap();
    const subscription = ours
      .listen({ server, maxMessageBytes: MAX, closeTimeoutMs: 60_000 })
      .pipe(
        ours.handle((connection) => {
          watch(records.get(current), connection);
          return NEVER;
        }),
      )
      .subscribe();
    attempt.after(() => subscription.unsubscribe());
    let current;
    return async (record) => {
      const wire = new Wire();
      records.set((current = wire), record);
      server.emit('upgrade', upgradeOn(wire), wire, Buffer.alloc(0));
      return wire;
    };
  },
  client: () => async (record) => {
    const wire = new Wire();
    const opening = ours.dial({
      url: 'ws://127.0.0.1/',
      maxMessageBytes: MAX,
      closeTimeoutMs: 60_000,
      tls: { createConnection: () => wire },
    });
    await answered(wire);
    watch(record, await opening);
    return wire;
  },
};

async function answered(wire) {
  while (!wire.text.includes('\r\n\r\n')) await turn();
  wire.feed(Buffer.from(switching(wire.text)));
}

/** The control: `ws` by hand, told not to look at UTF-8. Of its end only the code on the wire is compared. */
const careless = { skipUTF8Validation: true, maxPayload: MAX };
const byHand = (record, ws) => {
  ws.on('error', () => {});
  ws.on('message', (data, isBinary) =>
    record.messages.push(hexOf(isBinary ? data : data.toString('latin1'))),
  );
  ws.on('close', () => record.ends.push('an end'));
};
const controls = {
  server: () => {
    const server = new WebSocketServer({ noServer: true, ...careless });
    return async (record) => {
      const wire = new Wire();
      server.handleUpgrade(upgradeOn(wire), wire, Buffer.alloc(0), (ws) => byHand(record, ws));
      return wire;
    };
  },
  client: () => async (record) => {
    const wire = new Wire();
    const ws = new WebSocket('ws://127.0.0.1/', { ...careless, createConnection: () => wire });
    byHand(record, ws);
    await answered(wire);
    return wire;
  },
};

/** How the end should be told. */
function endOf({ fault, close }) {
  if (fault !== undefined) return { code: fault, by: 'local', wasClean: false };
  if (close !== undefined) return { code: close, by: 'peer', wasClean: true };
  return { code: 1006, by: 'network', wasClean: false };
}

async function run(open, stream, isWhole, wanted) {
  // `ws` unmasks in place.
  const bytes = Buffer.from(stream);
  const record = { messages: [], ends: [] };
  const wire = await open(record);
  if (isWhole) wire.feed(bytes);
  else for (let i = 0; i < bytes.length; i++) wire.feed(bytes.subarray(i, i + 1));
  // What was read is delivered; then the peer ends, as who made a mistake has to.
  await turn();
  await turn();
  if (!wire.destroyed) wire.push(null);
  for (let i = 0; i < 100 && record.ends.length === 0; i++) await turn();
  const end = record.ends[0] === 'an end' ? 'an end' : endOf(wanted);
  const got = JSON.stringify([record.messages, wire.closeCode, record.ends]);
  const expected = JSON.stringify([wanted.messages, wanted.fault ?? wanted.close, [end]]);
  return got === expected ? undefined : `got ${got} and not ${expected}`;
}

const AT_ONCE = 100;

const tried = (make, role) => async (attempt) => {
  const open = make[role](attempt);
  const masked = role === 'server';
  const count = attempt.isControl ? 500 : attempt.ci ? 4_000 : 50_000;
  const outcomes = { fault: 0, close: 0, open: 0 };
  const one = async () => {
    const stream = validStream(attempt.random, masked);
    const bytes = mutated(attempt.random, stream);
    const wanted = verdict(bytes, { masked, maxMessageBytes: MAX });
    outcomes[wanted.fault ? 'fault' : wanted.close ? 'close' : 'open']++;
    for (const isWhole of [true, false]) {
      const wrong = await run(open, bytes, isWhole, wanted);
      if (wrong !== undefined)
        attempt.problem(`${bytes.toString('hex')} ${isWhole ? 'whole' : 'byte by byte'}: ${wrong}`);
    }
  };
  for (let done = 0; done < count && attempt.problems.length < 20; done += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, one));
  }
  const { fault, close, open: still } = outcomes;
  attempt.check(Math.min(fault, close, still) > count / 100, 'the streams are all of a kind');
  attempt.note = `${count.toLocaleString('en')} streams, each whole and byte by byte: ${fault} faults, ${close} closes, ${still} neither`;
};

/** What is not mutated has no fault, by the decoder that everything is measured by. */
const unchanged = (change) => async (attempt) => {
  for (let i = 0; i < 2_000; i++) {
    const masked = i % 2 === 0;
    const { fault } = verdict(change(validStream(attempt.random, masked)), { masked, maxMessageBytes: MAX });
    attempt.same(fault, undefined, 'a fault');
  }
};

const line = (role) => ({
  fault: `mutated streams to a ${role}`,
  expected: 'messages, close code and end as RFC 6455 has them',
  withinMs: 300_000,
  run: tried(ends, role),
  control: { what: '`ws`, told not to look at UTF-8', run: tried(controls, role) },
});

export const lines = [
  {
    fault: 'the decoder that they are measured by, on streams that are not mutated',
    expected: 'no fault',
    run: unchanged((bytes) => bytes),
    control: { what: 'a bit of each is flipped', run: unchanged((bytes) => ((bytes[0] ^= 0x40), bytes)) },
  },
  line('server'),
  line('client'),
];
