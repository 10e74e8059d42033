import { AsyncLocalStorage } from 'node:async_hooks';
import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { nodeClock } from '../../src/transports/ws/nodeClock.ts';
import { Pipe } from '../../src/testing/Pipe.ts';
import { WireEnd } from '../../src/testing/WireEnd.ts';
import { turns } from './starting.ts';

describe('WireEnd', () => {
  let inbound: Pipe;
  let outbound: Pipe;
  let sent: (string | undefined)[];
  let end: WireEnd;

  function make(allowHalfOpen = true): WireEnd {
    const terms = { clock: nodeClock, latencyMs: 0, chunkBytes: Infinity, bufferBytes: 1_000 };
    const chunks: (string | undefined)[] = [];
    sent = chunks;
    inbound = new Pipe(terms, (chunk) => end.receive(chunk));
    outbound = new Pipe(terms, (chunk) => {
      chunks.push(chunk && Buffer.from(chunk).toString());
      return true;
    });
    outbound.want();
    const config = {
      inbound,
      outbound,
      localPort: 8080,
      remotePort: 32_768,
      encrypted: false,
      allowHalfOpen,
    };
    return new WireEnd(config);
  }
  beforeEach(() => {
    end = make();
  });
  afterEach(() => {
    end.destroy();
  });
  const arrive = (text: string): void => inbound.write(Buffer.from(text), () => {});

  it('is as much of a socket as is looked at', () => {
    expect(end).toMatchObject({
      localAddress: '127.0.0.1',
      localPort: 8080,
      remoteAddress: '127.0.0.1',
      remotePort: 32_768,
      remoteFamily: 'IPv4',
      encrypted: false,
    });
    expect(end.setNoDelay().setKeepAlive().setTimeout().ref().unref()).toBe(end);
  });

  it('sends what is written and then the end, and counts', async () => {
    end.write('a');
    end.end('é');
    await turns(5);
    expect(sent).toEqual(['aé', undefined]);
    expect(end.bytesWritten).toBe(3);
  });

  it('reads ahead though nobody asks, and counts', async () => {
    arrive('a');
    await turns(5);
    expect([end.readableLength, end.bytesRead]).toEqual([1, 1]);
    expect(String(end.read())).toBe('a');
  });

  it('says that the other end has ended though nobody reads', async () => {
    const ended = once(end, 'end');
    inbound.end();
    await ended;
    expect(end.destroyed).toBe(false);
    end.end();
    await once(end, 'close');
  });

  it('ends with the other end where it may not be half open', async () => {
    end = make(false);
    inbound.end();
    await once(end, 'close');
    expect(sent).toEqual([undefined]);
  });

  it('takes no more than it has room for while nobody reads', async () => {
    for (let n = 0; n < 10; n++) arrive('x'.repeat(65_536));
    await turns(20);
    expect(end.readableLength).toBe(65_536);
    let read = 0;
    end.on('data', (chunk: Buffer) => (read += chunk.length));
    await turns(30);
    expect(read).toBe(655_360);
  });

  it('tells the other end that it is destroyed', async () => {
    end.destroy();
    await turns(5);
    expect(sent).toEqual([undefined]);
  });

  it('is reset with the error that a socket has', async () => {
    const errors = once(end, 'error');
    end.reset();
    expect(await errors).toMatchObject([{ code: 'ECONNRESET', syscall: 'read', message: 'read ECONNRESET' }]);
    expect(end.destroyed).toBe(true);
  });

  it('hears in the async context in which it was made', async () => {
    const store = new AsyncLocalStorage<string>();
    end = store.run('mine', () => make());
    const heard = jest.fn<(store: string | undefined) => void>();
    for (const event of ['data', 'end']) end.on(event, () => heard(store.getStore()));
    store.run('theirs', () => {
      arrive('a');
      inbound.end();
    });
    await turns(10);
    expect(heard.mock.calls).toEqual([['mine'], ['mine']]);
    expect(end.within(() => store.getStore())).toBe('mine');
  });
});
