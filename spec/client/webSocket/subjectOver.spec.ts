import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  firstValueFrom,
  from,
  isObservable,
  lastValueFrom,
  map,
  merge,
  NEVER,
  Observable,
  of,
  share,
  Subject,
  toArray,
} from 'rxjs';
import { isSocketSubject, subjectOver } from '../../../src/client/webSocket/subjectOver.ts';
import type { SocketSubject } from '../../../src/client/webSocket/SocketSubject.ts';
import type { WebSocketSubjectConfig } from '../../../src/client/webSocket/WebSocketSubjectConfig.ts';
import { platformOpener } from '../../../src/transports/platform/platformOpener.ts';
import { type FakePlatform, fakePlatform } from './FakeWebSocket.ts';

describe('subjectOver', () => {
  let log: string[];
  let platform: FakePlatform;
  beforeEach(() => {
    log = [];
    platform = fakePlatform(log);
  });

  const subjectOf = (config: Partial<WebSocketSubjectConfig<unknown>> = {}): SocketSubject<unknown> =>
    subjectOver<unknown>({ url: 'ws://server', ...config }, () => platformOpener(platform.WebSocketCtor));
  const socket = (index = 0) => platform.sockets[index]!;
  const ended = { wasClean: true, code: 1000, reason: '' };

  describe('is an Observable', () => {
    it('for RxJS', () => {
      const subject = subjectOf();
      expect(isObservable(subject)).toBe(true);
      expect(subject).toBeInstanceOf(Observable);
      expect(subject).not.toBeInstanceOf(Subject);
      const key = (Symbol.observable as symbol | undefined) ?? '@@observable';
      expect((subject as unknown as Record<symbol | string, () => unknown>)[key]!()).toBe(subject);
    });

    it('that can be piped, merged, shared and converted', async () => {
      const subject = subjectOf();
      const all = lastValueFrom(
        merge(
          subject,
          subject.pipe(map((value) => ['piped', value])),
          from(subject).pipe(share()),
          subject.asObservable(),
        ).pipe(toArray()),
      );
      expect(log).toEqual(['0: new ws://server']);
      socket().open();
      socket().receive('1');
      socket().end(ended);
      expect(await all).toEqual([1, ['piped', 1], 1, 1]);
    });

    it('whose pipes are Observables, and cannot be sent to', () => {
      const piped = subjectOf().pipe(map(String));
      expect(piped).toBeInstanceOf(Observable);
      expect('next' in piped).toBe(false);
      expect('next' in subjectOf().asObservable()).toBe(false);
    });

    it('for promises', async () => {
      const subject = subjectOf();
      const first = firstValueFrom(subject);
      socket().open();
      socket().receive('"a"');
      expect(await first).toBe('a');
      const seen: unknown[] = [];
      const done = subject.forEach((value) => seen.push(value));
      socket(1).open();
      socket(1).receive('"b"');
      socket(1).end(ended);
      await done;
      expect(seen).toEqual(['b']);
    });
  });

  describe('is an observer', () => {
    it('of a source, whose end is that of the connection', () => {
      const subject = subjectOf();
      subject.subscribe();
      of(1, 2).subscribe(subject);
      socket().open();
      expect(log.slice(1)).toEqual(['0: send 1', '0: send 2', '0: close 1000']);
    });

    it('that can connect others', () => {
      const subject = subjectOf();
      const seen: unknown[] = [];
      of(1)
        .pipe(share({ connector: () => subject }))
        .subscribe((value) => seen.push(value));
      socket().open();
      socket().receive('"answer"');
      expect(log.slice(1)).toEqual(['0: send 1', '0: close 1000']);
      expect(seen).toEqual(['answer']);
    });

    it('whose methods go by themselves', () => {
      const { next, complete, subscribe } = subjectOf();
      subscribe();
      next(1);
      complete();
      socket().open();
      expect(log.slice(1)).toEqual(['0: send 1', '0: close 1000']);
    });
  });

  it('knows whether anybody is subscribed', () => {
    const subject = subjectOf();
    expect(subject.observed).toBe(false);
    const one = subject.subscribe();
    const other = subject.multiplex(
      () => 'sub',
      () => 'unsub',
      () => true,
    );
    const part = other.subscribe();
    one.unsubscribe();
    expect(subject.observed).toBe(true);
    part.unsubscribe();
    expect(subject.observed).toBe(false);
    subject.subscribe();
    subject.complete();
    expect(subject.observed).toBe(true);
    socket(1).open();
    socket(1).end(ended);
    expect(subject.observed).toBe(false);
  });

  it('has what else a Subject has', () => {
    const subject = subjectOf();
    expect(subject).toMatchObject({ closed: false, isStopped: false, hasError: false, thrownError: null });
    expect(subject.observers).toEqual([]);
    subject.unsubscribe();
    expect(subject).toMatchObject({ closed: true, isStopped: true });
  });

  describe('when it was unsubscribed', () => {
    it('cannot be subscribed to, in any way', () => {
      const subject = subjectOf();
      subject.unsubscribe();
      const message = 'object unsubscribed';
      expect(() => subject.subscribe()).toThrow(message);
      const told = jest.fn();
      subject.pipe(map(String)).subscribe({ error: told });
      subject.asObservable().subscribe({ error: told });
      subject
        .multiplex(
          () => 'sub',
          () => 'unsub',
          () => true,
        )
        .subscribe({ error: told });
      expect(told.mock.calls).toMatchObject([[{ message }], [{ message }], [{ message }]]);
      expect(log).toEqual([]);
    });

    it('takes nothing', () => {
      const dropped = jest.fn();
      const subject = subjectOf({ dropped, offline: 'buffer' });
      subject.unsubscribe();
      subject.next(1);
      subject.complete();
      subject.error({ code: 4000 });
      subject.unsubscribe();
      expect(dropped.mock.calls).toEqual([[{ count: 1, bytes: 0 }]]);
    });
  });

  it('keeps its config', () => {
    const config = { url: 'ws://server' };
    const subject = subjectOver(config, () => platformOpener(platform.WebSocketCtor));
    config.url = 'ws://elsewhere';
    subject.subscribe();
    expect(log).toEqual(['0: new ws://server']);
  });

  it('takes a URL for a config', () => {
    subjectOver('ws://server', () => platformOpener(platform.WebSocketCtor)).subscribe();
    expect(log).toEqual(['0: new ws://server']);
  });

  describe('between two connections', () => {
    const between = (config: Partial<WebSocketSubjectConfig<unknown>>): void => {
      const subject = subjectOf(config);
      subject.subscribe();
      socket().open();
      socket().end(ended);
      subject.next(1);
      subject.subscribe();
      subject.next(2);
      socket(1).open();
    };

    it('drops what is sent, and tells of it', () => {
      const dropped = jest.fn();
      between({ dropped });
      expect(log).toEqual(['0: new ws://server', '1: new ws://server', '1: send 2']);
      expect(dropped.mock.calls).toEqual([[{ count: 1, bytes: 0 }]]);
    });

    it('keeps it, if asked to', () => {
      const dropped = jest.fn();
      between({ dropped, offline: 'buffer' });
      expect(log.slice(2)).toEqual(['1: send 1', '1: send 2']);
      expect(dropped).not.toHaveBeenCalled();
    });

    it('sends the first message of a part, which brings a connection with it', () => {
      const subject = subjectOf();
      const part = subject.multiplex(
        () => 'sub',
        () => 'unsub',
        () => true,
      );
      merge(part, NEVER).subscribe();
      socket().open();
      socket().end(ended);
      part.subscribe();
      socket(1).open();
      expect(log).toEqual(['0: new ws://server', '0: send "sub"', '1: new ws://server', '1: send "sub"']);
    });
  });

  it('tells who says why, in the error for a wrong error', () => {
    const subject = subjectOf();
    const told = jest.fn();
    subject.subscribe({ error: told });
    socket().open();
    const mine = new Error('mine');
    subject.error(mine);
    const [[error]] = told.mock.calls as [[TypeError]];
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', cause: mine });
  });

  it('knows its own', () => {
    expect(isSocketSubject(subjectOf())).toBe(true);
    for (const other of [new Subject(), undefined, null, 'subject', {}])
      expect(isSocketSubject(other)).toBe(false);
  });
});
