import { AsyncResource } from 'node:async_hooks';
import { createServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { AnyServer, Bound } from '../../src/testing/Ports.ts';
import { ProcessRef } from '../../src/testing/ProcessRef.ts';
import type { WireEnd } from '../../src/testing/WireEnd.ts';
import { Wires } from '../../src/testing/Wires.ts';
import { nodeClock } from '../../src/transports/ws/nodeClock.ts';
import { turns } from './starting.ts';

describe('Wires', () => {
  let held: number;
  let wires: Wires;
  let ready: boolean;
  let accepted: WireEnd[];
  beforeEach(() => {
    held = 0;
    ready = true;
    accepted = [];
    const process = new ProcessRef();
    jest.spyOn(process, 'hold').mockImplementation(() => {
      held++;
      return () => held--;
    });
    const terms = { clock: nodeClock, latencyMs: 0, chunkBytes: Infinity, bufferBytes: 1_000 };
    wires = new Wires(terms, process);
  });
  afterEach(() => wires.end());

  /** A server of which only the connections are looked at. */
  function boundTo(server: AnyServer = createServer(), event = 'connection'): Bound {
    server.removeAllListeners(event);
    server.on(event, (end: WireEnd) => {
      accepted.push(end);
      end.on('error', () => {}).resume();
    });
    return {
      server,
      port: 8080,
      url: 'ws://localhost:8080',
      isSecure: event !== 'connection',
      resource: new AsyncResource('spec'),
      isReady: () => ready,
      free: () => {},
    };
  }
  const opened = (bound = boundTo()): WireEnd =>
    wires
      .open(bound)
      .on('error', () => {})
      .resume();

  it('opens a wire: the server gets its end in a later turn', async () => {
    const [first, second] = [opened(), opened()];
    expect([accepted, held]).toEqual([[], 2]);
    await turns(1);
    expect(accepted.map(({ remotePort }) => remotePort)).toEqual([first.localPort, second.localPort]);
    expect(first.localPort).not.toBe(second.localPort);
    expect(first.remotePort).toBe(8080);
    first.end();
    accepted[0]!.end();
    await turns(10);
    expect(held).toBe(1);
  });

  it('gives a server with TLS what it takes for a secure socket', async () => {
    opened(boundTo(createHttpsServer(), 'secureConnection'));
    await turns(1);
    expect(accepted).toMatchObject([{ encrypted: true }]);
  });

  it('resets who comes to a server that listens no more', async () => {
    const client = opened();
    ready = false;
    expect(await once(client, 'error')).toMatchObject([{ code: 'ECONNRESET' }]);
    expect(accepted).toEqual([]);
    await turns(5);
    expect(held).toBe(0);
  });

  it('can be reset before the server knows of it', async () => {
    const failed = once(opened(), 'error');
    wires.reset();
    expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
    await turns(5);
    expect([accepted, held]).toEqual([[], 0]);
  });

  it('stalls and resumes all, those that come later too', async () => {
    const first = opened();
    wires.stall('server');
    const second = opened();
    await turns(2);
    for (const client of [first, second]) client.write('a');
    await turns(5);
    expect(accepted.map(({ bytesRead }) => bytesRead)).toEqual([0, 0]);
    wires.resume('server');
    const third = opened();
    third.write('a');
    await turns(5);
    expect(accepted.map(({ bytesRead }) => bytesRead)).toEqual([1, 1, 1]);
  });

  it('resets all', async () => {
    const clients = [opened(), opened()];
    await turns(2);
    const failed = [...clients, ...accepted].map((end) => once(end, 'error'));
    wires.reset();
    for (const failure of failed) expect(await failure).toMatchObject([{ code: 'ECONNRESET' }]);
    await turns(5);
    expect(held).toBe(0);
  });

  it('ends when the last wire has ended, whatever stalls it', async () => {
    wires.stall('client');
    const client = opened();
    await turns(2);
    let ended = false;
    const ending = wires.end().then(() => (ended = true));
    await turns(5);
    expect(ended).toBe(false);
    accepted[0]!.end('bye');
    await ending;
    expect([client.bytesRead, held]).toEqual([3, 0]);
    await wires.end();
  });

  it('ends at once where there is none', async () => {
    await wires.end();
    expect(held).toBe(0);
  });
});
