import { describe, expect, it } from '@jest/globals';
import type { MemoryPeer } from '../../src/testing/MemoryPeer.ts';
import { MarbleScheduler } from '../../src/testing/MarbleScheduler.ts';
import { PeerScript } from '../../src/testing/PeerScript.ts';

function played(incoming: string, config: ConstructorParameters<typeof PeerScript>[2] = {}): string[] {
  const scheduler = new MarbleScheduler(() => {});
  const seen: string[] = [];
  const note =
    (what: string) =>
    (...given: readonly (string | number)[]): void =>
      void seen.push([scheduler.frame, what, ...given].join(' ').trim());
  const peer = {
    send: note('send'),
    close: note('close'),
    cut: note('cut'),
    stop: note('stop'),
    start: note('start'),
  };
  const source = { where: 'here', incoming, values: undefined };
  new PeerScript(scheduler, source, config, (value) => value as string).play(peer as unknown as MemoryPeer);
  scheduler.flush();
  return seen;
}

describe('PeerScript', () => {
  it('plays what diagrams say', () => {
    expect(played('-a(bc)|')).toEqual(['1 send a', '2 send b c', '6 close 1000']);
    expect(played('-|', { close: { code: 4000, reason: 'so' } })).toEqual(['1 close 4000 so']);
    expect(played('#', { error: 'cable' })).toEqual(['0 cut cable']);
  });

  it('closes as a peer can: with what may stand in a close frame', () => {
    expect(played('|', { close: { code: 1005 } })).toEqual(['0 close 1005']);
    expect(() => played('|', { close: { code: 1006 } })).toThrow('write # where the connection is lost');
    expect(() => played('|', { close: { code: 1015 } })).toThrow('close code 1015 may not be sent');
  });

  it('stops to read at once where it begins so', () => {
    expect(played('a', { writable: 'f-t' })).toEqual(['0 stop 0', '0 send a', '0 stop 0', '2 start']);
    expect(played('a', { writable: 't-f' })).toEqual(['0 send a', '0 start', '2 stop 0']);
  });

  it('comes behind what is due in its frame', () => {
    const scheduler = new MarbleScheduler(() => {});
    const seen: string[] = [];
    const peer = { send: (data: string) => seen.push(data) } as unknown as MemoryPeer;
    new PeerScript(scheduler, { where: '', incoming: '-a', values: {} }, {}, (value) => value as string).play(
      peer,
    );
    scheduler.schedule(() => seen.push('timer'), 1);
    scheduler.flush();
    expect(seen).toEqual(['timer', 'a']);
  });
});
