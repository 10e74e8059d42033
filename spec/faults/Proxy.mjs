// A TCP proxy that does to each connection what its plan says.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { FrameReader } from './wire.mjs';

/**
 * One direction of one connection. Pieces go on in order, each after its delay; `tear` says how large they are, `tamper`
 * changes whole frames, and after `limit` bytes nothing goes on: then `atLimit` is called.
 */
class Way {
  /** Whole data frames that went on. */
  frames = 0;
  #from;
  #to;
  #plan;
  #passed = 0;
  #queue = [];
  #waiting = false;
  #reader = new FrameReader();
  #head = true;
  #over = false;

  constructor(from, to, plan) {
    this.#from = from;
    this.#to = to;
    this.#plan = plan;
    from.on('data', (piece) => this.#take(piece));
    from.on('end', () => {
      this.#queue.push(undefined);
      void this.#go();
    });
  }

  stop() {
    this.#over = true;
    this.#queue = [];
  }

  #take(piece) {
    if (this.#over) return;
    const { limit = Infinity, atLimit } = this.#plan;
    const room = limit - this.#passed;
    const passed = piece.subarray(0, Math.max(0, room));
    this.#passed += passed.length;
    if (passed.length > 0) {
      this.#queue.push(passed);
      void this.#go();
    }
    if (this.#passed < limit) return;
    this.#queue.push(atLimit);
    void this.#go();
  }

  /** One at a time, so that nothing is overtaken. */
  async #go() {
    if (this.#waiting) return;
    this.#waiting = true;
    this.#from.pause();
    for (let next = this.#queue.shift(); !this.#over; next = this.#queue.shift()) {
      if (next === undefined && this.#queue.length === 0) {
        if (this.#from.readableEnded) this.#to.end();
        break;
      }
      if (typeof next === 'function') {
        next();
        break;
      }
      if (next !== undefined) await this.#pass(next);
    }
    this.#waiting = false;
    if (!this.#over) this.#from.resume();
  }

  async #pass(piece) {
    const { delay, tear, tamper } = this.#plan;
    await delay?.();
    const bytes = this.#looked(piece, tamper);
    for (let at = 0; at < bytes.length && !this.#over;) {
      const size = tear?.() ?? bytes.length;
      const isTaken = this.#to.write(bytes.subarray(at, at + size));
      at += size;
      if (size < 4) await new Promise((done) => setImmediate(done));
      if (!isTaken && !this.#to.destroyed)
        await Promise.race([once(this.#to, 'drain'), once(this.#to, 'close')]).catch(() => {});
    }
  }

  /** Counts the frames; `tamper` may give others in their place. */
  #looked(piece, tamper) {
    let rest = piece;
    let head = Buffer.alloc(0);
    if (this.#head) {
      const end = piece.indexOf('\r\n\r\n');
      if (end < 0) return piece;
      this.#head = false;
      head = piece.subarray(0, end + 4);
      rest = piece.subarray(end + 4);
    }
    const frames = this.#reader.push(rest);
    this.frames += frames.filter(({ opcode }) => opcode === 1).length;
    return tamper === undefined ? piece : Buffer.concat([head, tamper(frames)]);
  }
}

/** Starts a proxy to `port`; `planOf` is asked for each connection, in order. */
export async function startProxy(port, planOf) {
  const connections = [];
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    near.setNoDelay(true);
    far.setNoDelay(true);
    const plan = planOf(connections.length);
    const connection = { plan, near, far, ways: [] };
    connections.push(connection);
    const stop = () => connection.ways.forEach((way) => way.stop());
    const cuts = {
      rst: () => {
        stop();
        near.resetAndDestroy();
        far.resetAndDestroy();
      },
      fin: () => {
        stop();
        near.end();
        far.end();
        // It reads on, so that both ends see the end; what comes goes nowhere.
        near.resume();
        far.resume();
      },
      blackhole: () => {
        stop();
        near.pause();
        far.pause();
      },
    };
    const atLimit = () => {
      connection.isCut = true;
      cuts[plan.cut]?.();
    };
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    connection.ways = [
      new Way(near, far, { ...plan, limit: plan.limitUp, atLimit }),
      new Way(far, near, { ...plan, limit: plan.limitDown, atLimit, tamper: plan.tamperDown }),
    ];
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: server.address().port,
    connections,
    stop: async () => {
      for (const { near, far } of connections) {
        near.destroy();
        far.destroy();
      }
      server.close();
      await once(server, 'close');
    },
  };
}
