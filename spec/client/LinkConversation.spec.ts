import { describe, expect, it } from '@jest/globals';
import { concat, EMPTY, NEVER, Observable, of, throwError } from 'rxjs';
import { LinkConversation, type Stage } from '../../src/client/LinkConversation.ts';
import { Outbox } from '../../src/client/Outbox.ts';
import type { Connection } from '../../src/connection/Connection.ts';
import type { LinkStatus } from '../../src/connection/LinkStatus.ts';
import type { Data, Sendable } from '../../src/core/Data.ts';
import { collect } from '../connection/contract/Pair.ts';
import { run } from '../connection/marbles.ts';

type Opened = Connection<Data, Sendable, undefined>;

function converse(source: Observable<Opened>): {
  conversation: LinkConversation<Data, Sendable>;
  statuses: LinkStatus['state'][];
  stage: (stage: Stage) => Observable<Opened>;
} {
  const statuses: LinkStatus['state'][] = [];
  const status = ({ state }: LinkStatus): void => void statuses.push(state);
  const outbox = new Outbox<Sendable>();
  const conversation = new LinkConversation({ source, reconnect: {}, outbox, status });
  const stage = (name: Stage): Observable<Opened> =>
    new Observable((subscriber) => conversation.join(name, subscriber));
  return { conversation, statuses, stage };
}

describe('LinkConversation', () => {
  it('tells of a connection in stages, and who comes late at once', () =>
    run(({ open }) => {
      const { connection } = open();
      let begin = (): void => {};
      const source = new Observable<Opened>((subscriber) => {
        begin = () => subscriber.next(connection);
      });
      const { stage, statuses } = converse(source);
      const order: string[] = [];
      for (const name of ['ready', 'connections', 'renewals'] as const)
        stage(name).subscribe(() => order.push(name));
      expect([order, statuses]).toEqual([[], ['connecting']]);
      begin();
      expect(order).toEqual(['renewals', 'connections', 'ready']);
      expect(statuses).toEqual(['connecting', 'open']);
      stage('connections').subscribe(() => order.push('late'));
      expect(order.at(-1)).toBe('late');
    }));

  it('tells who comes inside a stage once, when its turn has come', () =>
    run(({ open }) => {
      const { connection } = open();
      const { stage } = converse(concat(of(connection), NEVER));
      const order: string[] = [];
      const name = (stages: Stage): void => void stage(stages).subscribe(() => order.push(stages));
      stage('connections').subscribe(() => {
        for (const each of ['renewals', 'connections', 'ready'] as const) name(each);
        order.push('joined');
      });
      expect(order).toEqual(['renewals', 'connections', 'joined', 'ready']);
    }));

  it('is over when its last user leaves, and begins with its first', () => {
    let subscribed = 0;
    let unsubscribed = 0;
    const source = new Observable<Opened>(() => {
      subscribed++;
      return () => void unsubscribed++;
    });
    const { conversation, stage, statuses } = converse(source);
    expect(subscribed).toBe(0);
    const users = [stage('connections').subscribe(), stage('renewals').subscribe()];
    for (const user of users) user.unsubscribe();
    expect([subscribed, unsubscribed, conversation.isOver]).toEqual([1, 1, true]);
    expect(statuses).toEqual(['connecting', 'closed']);
  });

  it.each([
    ['completes', EMPTY, { isComplete: true }],
    ['errors', throwError(() => new Error('no')), { error: new Error('no') }],
  ])('%s for all with its source', (_, source, expected) => {
    const { conversation, stage } = converse(source);
    expect(collect(stage('connections'))).toMatchObject(expected);
    expect(conversation.isOver).toBe(true);
  });

  it('can be sent on from the second stage on, while nothing waits', () =>
    run(({ open }) => {
      const { connection } = open();
      const { conversation, stage } = converse(concat(of(connection), NEVER));
      const senders: unknown[] = [];
      const note = (): void => void senders.push(conversation.sender === connection);
      note();
      stage('renewals').subscribe(note);
      stage('connections').subscribe(note);
      stage('ready').subscribe(note);
      expect(senders).toEqual([false, false, true, true]);
      connection.terminate();
      note();
      expect(senders.at(-1)).toBe(false);
    }));
});
