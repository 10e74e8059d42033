import { catchError, map, of } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import { collect } from './contract/Pair.ts';
import { run } from './marbles.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const codeOf = catchError((error: { code: string }) => of(error.code));

describe('ping', () => {
  it('tells the milliseconds until its pong, at each subscription', () =>
    run(({ open, does, sent, expectObservable }) => {
      const { connection, peer } = open();
      peer.pongMs = Infinity;
      const ping = connection.ping('x');
      does('                                   -----p------p', { p: () => peer.pong(bytes('x')) });
      expectObservable(ping, '           -^').toBe('-----(4|)', { 4: 4 });
      expectObservable(ping, '           ---------^').toBe('------------(3|)', { 3: 3 });
      expectObservable(sent(peer)).toBe('      -x-------x', { x: '?x' });
    }));

  it('never: waits, and nothing is left of it when it is unsubscribed', () =>
    run(({ open, does, expectObservable }) => {
      const { connection, peer } = open();
      peer.pongMs = Infinity;
      does('                                   ------p', { p: () => peer.pong(bytes('ping 1')) });
      expectObservable(connection.ping(), '^----!').toBe('-');
    }));

  it('a pong answers all pings before it too, and no later one', () =>
    run(({ open, does, expectObservable }) => {
      const { connection, peer } = open();
      peer.pongMs = Infinity;
      does('                                     -----p', { p: () => peer.pong(bytes('b')) });
      expectObservable(connection.ping('a'), '^').toBe('     -----(5|)', { 5: 5 });
      expectObservable(connection.ping('b'), '--^').toBe('   -----(3|)', { 3: 3 });
      expectObservable(connection.ping('c'), '--^').toBe('   -');
    }));

  it('a pong that nobody asked for is nothing', () =>
    run(({ open, does, expectObservable }) => {
      const { connection, peer } = open();
      peer.pongMs = Infinity;
      does('                                 -p', {
        p: () => ['', 'y', 'xx'].forEach((text) => peer.pong(bytes(text))),
      });
      expectObservable(connection.ping('x')).toBe('-');
    }));

  it('of the same payload: the first pong is for the first', () =>
    run(({ open, does, expectObservable }) => {
      const { connection, peer } = open();
      peer.pongMs = Infinity;
      does('                                     ---p-p', { p: () => peer.pong(bytes('same')) });
      expectObservable(connection.ping('same'), '^').toBe('  ---(3|)', { 3: 3 });
      expectObservable(connection.ping('same'), '-^').toBe(' -----(4|)', { 4: 4 });
    }));

  it('has a payload of its own, where none is given', () =>
    run(({ open, sent, expectObservable }) => {
      const { connection, peer } = open();
      const ping = connection.ping().pipe(map((ms) => `${ms}`));
      expectObservable(ping).toBe('(0|)');
      expectObservable(ping).toBe('(0|)');
      expectObservable(sent(peer)).toBe('(ab)', { a: '?ping 1', b: '?ping 2' });
    }));

  it('counts the time in our queue', () =>
    run(({ open, does, expectObservable }) => {
      const { connection, peer } = open();
      peer.stop(0);
      does('                                 ------s', { s: () => peer.start() });
      expectObservable(connection.ping()).toBe('------(6|)', { 6: 6 });
    }));

  it('errors when the connection ends, in order: closed, pings, messages', () => {
    const order: string[] = [];
    run(({ open, says, expectObservable }) => {
      const { connection, peer } = open();
      peer.pongMs = Infinity;
      connection.messages.subscribe({ complete: () => order.push('messages') });
      connection.ping().subscribe({ error: () => order.push('ping') });
      connection.closed.subscribe(() => order.push('closed'));
      says(peer, '                                         ---#');
      expectObservable(connection.ping().pipe(codeOf)).toBe('     ---(x|)', { x: 'CONNECTION_CLOSED' });
      expectObservable(connection.ping().pipe(codeOf), '-----^').toBe('-----(x|)', {
        x: 'CONNECTION_CLOSED',
      });
    });
    expect(order).toEqual(['closed', 'ping', 'messages']);
  });

  it.each(['é'.repeat(63), new Uint8Array(126)])('refuses more than 125 bytes, and sends nothing', (data) =>
    run(({ open, sent, expectObservable }) => {
      const { connection, peer } = open();
      const { error } = collect(connection.ping(data));
      expect(error).toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: 'a ping carries at most 125 bytes, not 126',
      });
      expectObservable(sent(peer)).toBe('-');
    }),
  );

  it('is refused where the platform cannot', () =>
    run(({ open, expectObservable }) => {
      const { connection } = open({}, { capabilities: { hold: true, ping: false, fragments: true } });
      expectObservable(connection.ping().pipe(codeOf)).toBe('(x|)', { x: 'INVALID_ARGUMENT' });
    }));
});
