import { describe, expect, it } from '@jest/globals';
import { pathMatcher } from '../../src/server/pathMatcher.ts';

describe('pathMatcher', () => {
  it.each([
    [undefined, '/any', {}],
    ['/chat', '/chat', {}],
    ['/chat', '/chat/', undefined],
    ['/chat', '/Chat', undefined],
    ['/', '/', {}],
    ['/', '/chat', undefined],
    ['/café', '/caf%C3%A9', {}],
    ['/caf%C3%A9', '/caf%C3%A9', {}],
    ['/a.b', '/axb', undefined],
    ['/a:b', '/a:b', {}],
    ['/rooms/:room', '/rooms/7', { room: '7' }],
    ['/rooms/:room', '/rooms/caf%C3%A9%2Fbar', { room: 'café/bar' }],
    ['/rooms/:room', '/rooms/', undefined],
    ['/rooms/:room', '/rooms/a/b', undefined],
    ['/:tenant/rooms/:room_2', '/acme/rooms/7', { tenant: 'acme', room_2: '7' }],
    ['/:__proto__', '/x', {}],
    ['/api/*', '/api/v1/users', { '*': 'v1/users' }],
    ['/api/*', '/api/', { '*': '' }],
    ['/api/*', '/api', undefined],
    ['/api/*', '/apis', undefined],
    ['/*', '/any/thing', { '*': 'any/thing' }],
    ['/:tenant/*', '/acme/a/b', { tenant: 'acme', '*': 'a/b' }],
    ['/a*', '/a*', {}],
    ['/*/a', '/*/a', {}],
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
    const asked = ['/a', '/:a', /a/, '/a/b/*', '/a/*', '/*', undefined];
    const ranks = asked.map((path) => pathMatcher(path).rank);
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    expect(new Set(ranks).size).toBe(6);
  });

  it.each(['chat', '', '*', 'ws://localhost/chat'])('refuses %j, which no request asks for', (path) => {
    expect(() => pathMatcher(path)).toThrow(/begins with a slash/);
  });
});
