import { describe, expect, it } from '@jest/globals';
import { RequestHandshake } from '../../src/server/RequestHandshake.ts';
import { requestOf } from './requestOf.ts';

describe('RequestHandshake', () => {
  it('tells what was asked', () => {
    const handshake = RequestHandshake.of(requestOf({ 'x-a': 'b' }, { url: '/chat?room=1&room=2' }))!;
    expect(handshake.url.href).toBe('ws://localhost:8080/chat?room=1&room=2');
    expect(handshake.url).toBe(handshake.url);
    expect(handshake.path).toBe('/chat');
    expect(handshake.query.getAll('room')).toEqual(['1', '2']);
    expect(handshake.headers).toMatchObject({ host: 'localhost:8080', 'x-a': 'b' });
    expect(handshake.headers['x-b']).toBeUndefined();
    expect(handshake.remoteAddress).toBe('::1');
  });

  it('knows TLS, and a socket without an address', () => {
    const handshake = RequestHandshake.of(
      requestOf({}, { socket: { encrypted: true, remoteAddress: undefined } }),
    )!;
    expect(handshake.url.href).toBe('wss://localhost:8080/');
    expect(handshake.remoteAddress).toBe('');
  });

  it('gives a field that was sent many times as one', () => {
    expect(RequestHandshake.of(requestOf({ 'set-cookie': ['a=1', 'b=2'] }))!.headers['set-cookie']).toBe(
      'a=1, b=2',
    );
  });

  it.each([
    ['/a/../admin', '/admin'],
    ['/a/%2e%2e/admin', '/admin'],
    ['//evil.example/a', '//evil.example/a'],
    ['/%61', '/%61'],
    ['http://other.example/a?b', '/a'],
    ['/a#b', '/a'],
  ])('takes the path of %s for %s', (url, path) => {
    expect(RequestHandshake.of(requestOf({}, { url }))!.path).toBe(path);
  });

  it('takes the host of an absolute target, as a proxy sends it', () => {
    const { url } = RequestHandshake.of(requestOf({}, { url: 'https://user@other.example:1/a?b#c' }))!;
    expect(url.href).toBe('ws://other.example:1/a?b');
  });

  it.each([undefined, '', 'a/b', 'user@a', 'a b', 'a?b', 'a#b', 'a\\b', 'a:port', '['])(
    'is none with the host %j',
    (host) => {
      expect(RequestHandshake.of(requestOf({ host }))).toBeUndefined();
    },
  );

  it.each(['*', 'ftp://a/', 'relative', '', undefined])('is none with the target %j', (url) => {
    expect(RequestHandshake.of({ ...requestOf(), url } as never)).toBeUndefined();
  });
});
