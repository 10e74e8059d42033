import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { lastValueFrom, toArray } from 'rxjs';
import { startOfBody } from '../../../src/transports/ws/startOfBody.ts';

function read(maxBytes: number): { body: PassThrough; texts: Promise<string[]> } {
  const body = new PassThrough();
  return {
    body,
    texts: lastValueFrom(startOfBody(body as unknown as IncomingMessage, maxBytes).pipe(toArray())),
  };
}

describe('startOfBody', () => {
  it('grows with the body, and completes with it', async () => {
    const { body, texts } = read(100);
    body.write('no ');
    body.end('entry');
    expect((await texts).at(-1)).toBe('no entry');
  });

  it('is empty where the body is', async () => {
    const { body, texts } = read(100);
    body.end();
    expect(await texts).toEqual([]);
  });

  it('completes at its bound, though the body goes on', async () => {
    const { body, texts } = read(4);
    body.write('123456');
    expect(await texts).toEqual(['1234']);
    expect(body.writable).toBe(true);
  });

  it('has no half character at its end', async () => {
    const { body, texts } = read(4);
    body.write('abcé');
    expect(await texts).toEqual(['abc']);
  });

  it('puts together a character that came in two parts', async () => {
    const { body, texts } = read(10);
    body.write(Buffer.of(0xc3));
    body.end(Buffer.of(0xa9));
    expect((await texts).at(-1)).toBe('é');
  });

  it.each([undefined, new Error('reset')])(
    'keeps what it has where the body breaks off (%p)',
    async (error) => {
      const { body, texts } = read(100);
      body.once('data', () => body.destroy(error));
      body.write('half');
      expect(await texts).toEqual(['half']);
    },
  );
});
