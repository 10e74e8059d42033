import { describe, expect, it } from '@jest/globals';
import { handshakeFault } from '../../src/server/handshakeFault.ts';
import { requestOf } from './requestOf.ts';

describe('handshakeFault', () => {
  it.each([
    ['as it should be', {}],
    ['in other letters', { upgrade: 'WebSocket', connection: 'keep-alive, UPGRADE' }],
    ['with protocols and an empty body', { 'sec-websocket-protocol': 'a, b', 'content-length': '0' }],
  ])('finds none in a request %s', (_, fields) => {
    expect(handshakeFault(requestOf(fields))).toBeUndefined();
  });

  it.each([
    ['no host', { host: undefined }, 'Host'],
    ['two hosts', { host: ['a', 'b'] }, 'Host'],
    ['no upgrade', { upgrade: undefined }, 'Upgrade'],
    ['another upgrade', { upgrade: 'h2c' }, 'Upgrade'],
    ['no connection', { connection: undefined }, 'Connection'],
    ['a connection that only looks like it', { connection: 'x-upgrade, upgraded' }, 'Connection'],
    ['no key', { 'sec-websocket-key': undefined }, 'Sec-WebSocket-Key'],
    ['a short key', { 'sec-websocket-key': 'c2hvcnQ=' }, 'Sec-WebSocket-Key'],
    [
      'two keys',
      { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ==' },
      'Sec-WebSocket-Key',
    ],
    ['a body', { 'content-length': '5' }, 'body'],
    ['a body in chunks', { 'transfer-encoding': 'chunked' }, 'body'],
    ['malformed protocols', { 'sec-websocket-protocol': 'a,,b' }, 'Sec-WebSocket-Protocol'],
  ])('answers 400 for %s', (_, fields, name) => {
    expect(handshakeFault(requestOf(fields))).toEqual({ status: 400, body: expect.stringContaining(name) });
  });

  it.each([
    ['another method', { method: 'POST' }, 'GET'],
    ['HTTP/1.0', { version: [1, 0] }, 'HTTP/1.1'],
    ['HTTP/2', { version: [2, 0] }, 'HTTP/1.1'],
  ])('answers 400 for %s', (_, request, name) => {
    expect(handshakeFault(requestOf({}, request))).toEqual({
      status: 400,
      body: expect.stringContaining(name),
    });
  });

  it.each(['8', '14', '13, 8', '', undefined])(
    'answers 426 and the version it speaks for version %j',
    (version) => {
      expect(handshakeFault(requestOf({ 'sec-websocket-version': version }))).toMatchObject({
        status: 426,
        lines: expect.arrayContaining(['Sec-WebSocket-Version: 13']),
      });
    },
  );
});
