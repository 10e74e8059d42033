import { describe, expect, it } from '@jest/globals';
import { map, NEVER, type Observable } from 'rxjs';
import type { Linkable, LinkConfig } from '../../src/client/LinkConfig.ts';
import { linkOver } from '../../src/client/linkOver.ts';
import type { Link } from '../../src/connection/Link.ts';
import type { Data, Sendable } from '../../src/core/Data.ts';
import { marbles } from './marbles.ts';

const url = 'ws://a.test/chat';

describe('linkOver', () => {
  it.each<[string, Linkable<Data, Sendable>]>([
    ['a text', url],
    ['a URL', new URL(url)],
    ['a config', { url }],
    ['a function', () => ({ url })],
    ['a function with what gives one', () => [{ url }]],
  ])('dials %s', (_, linkable) =>
    marbles(({ memory, expectObservable }) => {
      const { dial, requests } = memory('--(d|)');
      const link: Link = linkOver(linkable, {}, dial);
      const paths = link.connections.pipe(map(({ handshake }) => handshake.path));
      expectObservable(paths).toBe('--p', { p: '/chat' });
      expect(requests).toEqual([]);
    }),
  );

  it('takes connections as they are, also of another copy of RxJS', () =>
    marbles(({ memory, expectObservable }) => {
      const { dial } = memory('--(d|)');
      const { connections } = linkOver<Data, Sendable>(url, {}, dial);
      const foreign = {
        subscribe: (observer: never) => connections.subscribe(observer),
        [Symbol.observable ?? '@@observable']() {
          return this;
        },
      } as unknown as Observable<never>;
      for (const given of [connections, foreign]) {
        expectObservable(
          linkOver<Data, Sendable>(given, {}, () => NEVER).connections.pipe(map(({ id }) => id.length > 0)),
        ).toBe('--t', { t: true });
      }
    }));

  it('takes its own settings beside the URL, or as a second argument, which goes first', () => {
    marbles(({ memory }) => {
      const { dial } = memory('-');
      const answers = (linkable: Linkable<Data, Sendable>, config: LinkConfig): unknown => {
        try {
          return linkOver(linkable, config, dial).send('x');
        } catch (error) {
          return (error as { code: string }).code;
        }
      };
      expect(answers(url, {})).toBe(true);
      expect(answers({ url, offline: 'drop' }, {})).toBe(false);
      expect(answers(url, { offline: 'error' })).toBe('NOT_SENT');
      expect(answers({ url, offline: 'drop' }, { offline: 'error' })).toBe('NOT_SENT');
      expect(answers(() => ({ url }), { offline: 'drop' })).toBe(false);
    });
  });
});
