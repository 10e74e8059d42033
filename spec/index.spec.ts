import { describe, expect, it } from '@jest/globals';
import * as browser from '../src/browser.ts';
import * as browserWebSocket from '../src/browserWebSocket.ts';
import * as node from '../src/index.ts';
import * as msgpack from '../src/msgpack.ts';
import * as webSocket from '../src/webSocket.ts';

// The public names: what is added here is a promise, what is taken away breaks somebody.
const SHARED = [
  'CloseError',
  'ConnectionClosedError',
  'DecodeError',
  'HandshakeError',
  'InvalidArgumentError',
  'NotSentError',
  'OverflowError',
  'RequestTimeoutError',
  'binary',
  'connect',
  'dial',
  'flowMap',
  'handle',
  'heartbeat',
  'json',
  'link',
  'multiplex',
  'prepare',
  'reconnect',
  'request',
  'sendTo',
  'text',
  'toWebStreams',
];
const NODE_ONLY = [
  'BusError',
  'KeepAliveError',
  'ListenError',
  'accept',
  'fromWebSocket',
  'listen',
  'memory',
  'reject',
  'serverStatistics',
  'toDuplex',
  'topics',
  'upgradeHandler',
  'upgrades',
];

describe('the entry points', () => {
  it('export in Node', () => {
    expect(Object.keys(node).sort()).toEqual([...SHARED, ...NODE_ONLY].sort());
  });

  it('export in a page', () => {
    expect(Object.keys(browser).sort()).toEqual([...SHARED].sort());
  });

  it('export the codec that has a peer dependency, apart', () => {
    expect(Object.keys(msgpack)).toEqual(['msgpack']);
  });

  it('export for `rxjs/webSocket`, on both sides', () => {
    for (const entry of [webSocket, browserWebSocket])
      expect(Object.keys(entry).sort()).toEqual(['WebSocketSubject', 'webSocket']);
  });
});
