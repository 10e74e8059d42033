import { VirtualTimeScheduler } from 'rxjs';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { TransportEvents } from '../../../src/core/Transport.ts';
import { PageTransport } from '../../../src/transports/platform/PageTransport.ts';
import { virtualClock } from '../../../src/testing/virtualClock.ts';

/** A way to a socket that a spec plays. */
class Played extends PageTransport {
  readonly protocol = '';
  readonly capabilities = { hold: false, ping: false, fragments: false };
  readonly bufferedBytes = 0;
  readonly shuts: unknown[][] = [];
  left = 0;

  pause(): void {}
  resume(): void {}
  write(): void {}

  protected shut(...close: unknown[]): void {
    this.shuts.push(close);
  }

  protected leave(): void {
    this.left++;
  }

  receive(data: unknown): void {
    this.received(data);
  }

  finish(...end: [code: number, reason: string, wasClean: boolean, error?: unknown]): void {
    const [code, reason, wasClean, error] = end;
    this.end(code, reason, wasClean, error);
  }
}

describe('PageTransport', () => {
  let transport: Played;
  const events = { message: jest.fn(), ended: jest.fn() };

  beforeEach(() => {
    events.message.mockClear();
    events.ended.mockClear();
    transport = new Played(3, virtualClock(new VirtualTimeScheduler()));
    transport.open(events as unknown as TransportEvents);
  });

  it('gives text and bytes, up to the limit; past it ends with 1009', () => {
    for (const data of ['abc', new ArrayBuffer(2), Uint8Array.of(1), 'éé', 'x']) transport.receive(data);
    expect(events.message.mock.calls).toEqual([
      ['abc', 3],
      [new Uint8Array(2), 2],
      [Uint8Array.of(1), 1],
    ]);
    expect(events.ended.mock.calls).toMatchObject([
      [{ code: 1009, wasClean: false, by: 'local', error: { message: expect.stringContaining('4 bytes') } }],
    ]);
    expect(transport.left).toBe(1);
  });

  it('sends 1000 and 3000 to 4999, and else no code', () => {
    for (const code of [1000, 1001, 1014, 3000, 4999]) transport.close(code, 'why');
    expect(transport.shuts).toEqual([[1000, 'why'], [], [], [3000, 'why'], [4999, 'why']]);
  });

  it.each<[string, () => void, object]>([
    ['the peer', () => transport.finish(4000, 'bye', true), { by: 'peer', wasClean: true }],
    ['nobody', () => transport.finish(4000, 'bye', false), { by: 'network', wasClean: false }],
    [
      'this end',
      () => {
        transport.close(4000, 'bye');
        transport.finish(4000, 'bye', true);
      },
      { by: 'local', wasClean: true },
    ],
    [
      'nobody, who tells why',
      () => transport.finish(4000, 'bye', false, 'why'),
      { by: 'network', wasClean: false, error: 'why' },
    ],
  ])('knows that it was %s who ended it', (_name, end, expected) => {
    end();
    expect(events.ended.mock.calls).toEqual([[{ code: 4000, reason: 'bye', ...expected }]]);
  });

  it('tells one end, and nothing behind it', () => {
    transport.terminate();
    transport.terminate();
    transport.finish(1000, '', true);
    transport.receive('late');
    const lost = { code: 1006, reason: '', wasClean: false, by: 'local' };
    expect([events.ended.mock.calls, events.message.mock.calls]).toEqual([[[lost]], []]);
  });
});
