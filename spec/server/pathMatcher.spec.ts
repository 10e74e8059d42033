import { describe, expect, it } from '@jest/globals';
import { pathMatcher } from '../../src/server/pathMatcher.ts';

describe('pathMatcher', () => {
  it.each([
    [undefined, '/any', {}],
    ['/chat', '/chat', {}],
    ['/chat', '/chat/', undefined],
    ['/chat', '/Chat', undefined],
    [/^\/rooms\/(?<room>[^/]+)$/, '/rooms/7', { room: '7' }],
    [/^\/rooms\/(?<room>[^/]+)$/, '/rooms/caf%C3%A9%2Fbar', { room: 'café/bar' }],
    [/^\/rooms\/(?<room>[^/]+)$/, '/rooms/50%', { room: '50%' }],
    [/^\/rooms\/(?<room>[^/]+)$/, '/rooms/a/b', undefined],
    [/^\/(?<a>x)?(?<b>y)?$/, '/y', { b: 'y' }],
    [/^\/(x)$/, '/x', {}],
  ])('%s of %s gives %j', (path, asked, params) => {
    expect(pathMatcher(path).match(asked)).toEqual(params);
  });

  it('matches each time, whatever the flags of the pattern', () => {
    const matcher = pathMatcher(/^\/A$/giy);
    expect([matcher.match('/a'), matcher.match('/a'), matcher.match('/a')]).toEqual([{}, {}, {}]);
  });

  it('asks the exact before the patterns, and those before the rest', () => {
    expect(['/a', /a/, undefined].map((path) => pathMatcher(path).rank)).toEqual([0, 1, 2]);
  });
});
