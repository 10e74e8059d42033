import { describe, expect, it, jest } from '@jest/globals';
import { EMPTY, NEVER, type Observable, of, Subject, throwError } from 'rxjs';
import type { SuccessivePeer } from '../../src/connection/SuccessivePeer.ts';
import type { Peer } from '../../src/core/Peer.ts';
import { channel } from '../../src/operators/channel.ts';
import type { MultiplexConfig } from '../../src/operators/multiplex.ts';
import { collect } from '../connection/contract/Pair.ts';
import { run } from '../connection/marbles.ts';

type Strings = Peer<string, string>;
const config: MultiplexConfig<string, string> = {
  key: 'a',
  subscribe: 's',
  unsubscribe: 'u',
  matches: (message) => message === 'a',
};
/** A peer that keeps what is sent to it. */
function peerOf(messages: Observable<string> = NEVER, takes = true): Strings & { readonly sent: string[] } {
  const sent: string[] = [];
  return { messages, sent, send: (message) => takes && sent.push(message as string) > 0 };
}
const linkOver = (renewals: Observable<Strings>): SuccessivePeer<string, string> => ({
  ...peerOf(),
  renewals,
  ready: NEVER,
});

describe('channel', () => {
  it('asks with the first, and leaves with the last', () => {
    const peer = peerOf();
    const over = jest.fn();
    const shared = channel(peer, config, over);
    expect(peer.sent).toEqual([]);
    const [one, two] = [shared.subscribe(), shared.subscribe()];
    expect(peer.sent).toEqual(['s']);
    one.unsubscribe();
    expect([peer.sent, over.mock.calls.length]).toEqual([['s'], 0]);
    two.unsubscribe();
    expect([peer.sent, over.mock.calls.length]).toEqual([['s', 'u'], 1]);
  });

  it('is over before it tells anybody', () => {
    const order: string[] = [];
    const over = (): void => void order.push('over');
    const peer = peerOf();
    const telling = { ...peer, send: (message: unknown) => order.push(message as string) > 0 };
    channel(telling, config, over).subscribe().unsubscribe();
    expect(order).toEqual(['s', 'over', 'u']);
    const failing = peerOf(throwError(() => new Error('lost')));
    channel(failing, config, over).subscribe({ error: ({ message }: Error) => order.push(message) });
    channel(peerOf(EMPTY), config, over).subscribe({ complete: () => order.push('done') });
    expect(order.slice(3)).toEqual(['over', 'lost', 'over', 'done']);
  });

  it('leaves nobody who was not asked, or is gone', () => {
    const refusing = peerOf(NEVER, false);
    const { error } = collect(channel(refusing, config, () => {}));
    expect(error).toMatchObject({ code: 'NOT_SENT' });
    const gone = peerOf(EMPTY);
    collect(channel(gone, config, () => {}));
    expect([refusing.sent, gone.sent]).toEqual([[], ['s']]);
  });

  it('leaves where its own `matches` fails, if it was asked: the peer still sends', () => {
    const messages = new Subject<string>();
    const peer = peerOf(messages);
    const matches = (): boolean => {
      throw new Error('bug');
    };
    const asked = collect(channel(peer, { ...config, matches }, () => {}));
    messages.next('x');
    expect([asked.error, peer.sent]).toEqual([new Error('bug'), ['s', 'u']]);
    const early = peerOf(of('x'));
    expect(collect(channel(early, { ...config, matches }, () => {})).error).toEqual(new Error('bug'));
    expect(early.sent).toEqual([]);
  });

  it('lets nothing out of an end: what the last message throws is reported', () => {
    const warning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const send = (message: unknown): boolean => {
      if (message === 'u') throw new Error('cannot');
      return true;
    };
    channel({ messages: NEVER, send }, config, () => {})
      .subscribe()
      .unsubscribe();
    expect(warning).toHaveBeenCalledTimes(1);
    run(({ open }) => {
      const { connection, errors } = open<string, unknown>({ overflow: 'error', maxQueuedMessages: 1 });
      const key = { ...config, subscribe: 's' } as MultiplexConfig<string, unknown>;
      const subscription = channel(connection, { ...key, unsubscribe: 5 }, () => {}).subscribe();
      subscription.unsubscribe();
      expect(errors).toEqual([expect.objectContaining({ code: 'INVALID_ARGUMENT' })]);
    });
  });

  it('of a link: asks on each connection, and leaves the present one; ends with the link', () => {
    const [asked, left] = [
      [peerOf(), peerOf()],
      [peerOf(), peerOf()],
    ];
    run(({ cold, hot, expectObservable }) => {
      const values = {
        f: { ...asked[0]!, messages: cold('                              -a-x|') },
        s: { ...asked[1]!, messages: cold('                                   a-----|') },
      };
      const link = linkOver(hot('                                      --f----s----|', values));
      expectObservable(channel(link, config, () => {})).toBe('         ---a---a-----|');
      const [first, second] = left;
      const other = linkOver(hot('                                     --f----s', { f: first!, s: second! }));
      expectObservable(
        channel(other, config, () => {}),
        '             ^--------!',
      ).toBe('-');
    });
    expect(asked.map(({ sent }) => sent)).toEqual([['s'], ['s']]);
    expect(left.map(({ sent }) => sent)).toEqual([['s'], ['s', 'u']]);
  });
});
