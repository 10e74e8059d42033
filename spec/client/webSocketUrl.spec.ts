import { describe, expect, it } from '@jest/globals';
import { webSocketUrl } from '../../src/client/webSocketUrl.ts';

describe('webSocketUrl', () => {
  it.each([
    ['ws://a.test/', 'ws://a.test/'],
    ['wss://a.test:8443/chat?room=1', 'wss://a.test:8443/chat?room=1'],
    ['http://a.test', 'ws://a.test/'],
    ['https://user:word@a.test/x', 'wss://user:word@a.test/x'],
    ['HTTPS://A.test:443/', 'wss://a.test/'],
    ['http://[::1]:80/', 'ws://[::1]/'],
    ['ws://a.test/%23', 'ws://a.test/%23'],
  ])('%s is %s', (given, expected) => {
    expect(webSocketUrl(given).href).toBe(expected);
    expect(webSocketUrl(new URL(given)).href).toBe(expected);
  });

  it('does not change the URL that it was given', () => {
    const given = new URL('http://a.test/');
    webSocketUrl(given);
    expect(given.href).toBe('http://a.test/');
  });

  it.each([
    ['', 'no URL'],
    ['/chat', 'no URL'],
    ['ws:', 'no URL'],
    ['ws://a.test:99999/', 'no URL'],
    ['ftp://a.test/', 'not ftp:'],
    ['ws+unix:/run/socket', 'not ws+unix:'],
    ['ws://a.test/#', 'fragment'],
    ['ws://a.test/#part', 'fragment'],
  ])('refuses %p', (given, message) => {
    let error: unknown;
    try {
      webSocketUrl(given);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) });
  });

  it('is relative to the page, where there is one', () => {
    const host = globalThis as { location?: { href: string } };
    host.location = { href: 'https://page.test/app/' };
    try {
      expect(webSocketUrl('chat').href).toBe('wss://page.test/app/chat');
      expect(webSocketUrl('/chat').href).toBe('wss://page.test/chat');
      expect(webSocketUrl('ws://other.test/').href).toBe('ws://other.test/');
    } finally {
      delete host.location;
    }
  });
});
