import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { CloseError } from '../../src/core/CloseError.ts';
import { DecodeError } from '../../src/core/DecodeError.ts';
import { report } from '../../src/core/ErrorReport.ts';
import { handshake } from '../connection/contract/Pair.ts';

describe('report', () => {
  const warnings = () => jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const { emitWarning } = process;
  afterEach(() => {
    process.emitWarning = emitWarning;
  });

  it('hands the error to onError, with where it was', () => {
    const onError = jest.fn();
    const error = new Error('mine');
    report(onError, error, handshake);
    expect(onError.mock.calls).toEqual([[error, handshake]]);
  });

  it('warns where there is no onError', () => {
    const emitted = warnings();
    const error = new Error('nobody asked');
    report(undefined, error, handshake);
    expect(emitted.mock.calls).toEqual([['nobody asked', { type: 'RxjsWsWarning', detail: error.stack }]]);
  });

  it('warns with the causes, up to five', () => {
    const emitted = warnings();
    const refused = new Error('connect ECONNREFUSED', { cause: 'a port' });
    const error = new Error('not published', { cause: refused });
    report(undefined, error, handshake);
    const [, { detail }] = emitted.mock.calls[0] as unknown as [string, { detail: string }];
    expect(detail).toBe(`${error.stack}\n[cause]: ${refused.stack}\n[cause]: a port`);
    refused.cause = refused;
    report(undefined, error, handshake);
    const [, endless] = emitted.mock.calls[1] as unknown as [string, { detail: string }];
    expect(endless.detail.match(/\[cause\]/g)).toHaveLength(5);
  });

  it('warns of what the peer was told only where it was not', () => {
    const emitted = warnings();
    for (const error of [new CloseError(4400, 'no'), new DecodeError('not decoded')]) {
      report(undefined, error, handshake);
      expect(emitted).toHaveBeenCalledTimes(0);
    }
    report(undefined, new DecodeError('skipped'), handshake, false);
    expect(emitted.mock.calls.map(([message]) => message)).toEqual(['skipped']);
  });

  it('warns of both where onError throws', () => {
    const emitted = warnings();
    report(
      () => {
        throw new Error('second');
      },
      new Error('first'),
      handshake,
    );
    expect(emitted.mock.calls.map(([message]) => message)).toEqual(['first', 'second']);
  });

  it('warns of both where onError is asynchronous and rejects', async () => {
    const emitted = warnings();
    report(() => Promise.reject(new Error('second')) as unknown as undefined, new Error('first'), handshake);
    await Promise.resolve();
    await Promise.resolve();
    expect(emitted.mock.calls.map(([message]) => message)).toEqual(['first', 'second']);
  });

  const hostile: object = {
    get message(): string {
      throw new Error('no message');
    },
  };
  it.each([
    ['undefined', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a string', 'oops', 'oops'],
    ['a symbol', Symbol('oops'), 'Symbol(oops)'],
    ['an object without a prototype', Object.create(null), 'an error that cannot be shown'],
    ['an object that throws', hostile, 'an error that cannot be shown'],
  ])('never throws, whatever was thrown: %s', (_name, thrown, message) => {
    const emitted = warnings();
    report(undefined, thrown, handshake);
    expect(emitted.mock.calls.map(([said]) => said)).toEqual([message]);
  });

  it('uses reportError where there is no process.emitWarning, and else stays silent', () => {
    const host = globalThis as { reportError?: unknown };
    (process as { emitWarning?: unknown }).emitWarning = undefined;
    const error = new Error('in a page');
    expect(() => report(undefined, error, handshake)).not.toThrow();
    const reportError = jest.fn();
    host.reportError = reportError;
    report(undefined, error, handshake);
    delete host.reportError;
    expect(reportError.mock.calls).toEqual([[error]]);
  });
});
