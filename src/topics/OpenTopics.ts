import { Observable, Subject } from 'rxjs';
import { prepare } from '../codecs/prepare.ts';
import { BusError } from '../core/BusError.ts';
import type { Data } from '../core/Data.ts';
import { InvalidArgumentError } from '../core/InvalidArgumentError.ts';
import { Prepared } from '../core/Prepared.ts';
import { Attendance } from './Attendance.ts';
import type { Bus, BusState } from './Bus.ts';
import { Channel, type ChannelSettings } from './Channel.ts';
import { Complaints } from './Complaints.ts';
import { decodeSent } from './decodeSent.ts';
import type { Gap } from './Gap.ts';
import { keyOf } from './keyOf.ts';
import { LastMade } from './LastMade.ts';
import { memory } from './memory.ts';
import type { MessagesConfig } from './MessagesConfig.ts';
import type { Presence } from './Presence.ts';
import { Reader } from './Reader.ts';
import { TopicMessage } from './TopicMessage.ts';
import { topicName } from './topicName.ts';
import type { TopicPattern } from './TopicPattern.ts';
import type { TopicsConfig } from './TopicsConfig.ts';

/** The topics that are open; see `topics`. */
export class OpenTopics<T> implements ChannelSettings<T> {
  readonly bus: Bus;
  readonly gaps: Observable<Gap>;
  readonly state: Observable<BusState>;
  readonly writable: Observable<boolean>;
  private readonly config: TopicsConfig<T>;
  private readonly complaints: Complaints;
  private readonly attendance = new Attendance();
  private readonly channels = new Map<string, Channel<T>>();
  private readonly foundGaps = new Subject<Gap>();
  /** One for all that is published. */
  private readonly notPublished = (error: unknown, topic: string): void => this.report(error, topic);
  private readonly lastMade = new LastMade<T>();
  /** So many are listened to: without one nothing comes twice. */
  private patterns = 0;

  constructor(config: TopicsConfig<T>) {
    this.config = config;
    this.bus = config.bus ?? memory();
    this.complaints = new Complaints(config.onError);
    this.gaps = this.foundGaps.asObservable();
    this.state = this.bus.state;
    this.writable = this.bus.writable;
  }

  publish(given: string, message: T): boolean {
    const topic = topicName(given);
    return this.bus.publish(topic, (id) => this.make(topic, id, message), this.notPublished);
  }

  messages(
    given: string | TopicPattern,
    { since, writable, gap, member }: MessagesConfig<T> = {},
  ): Observable<TopicMessage<T>> {
    return new Observable((subscriber) => {
      const target = targetOf(given);
      const name = typeof target === 'string' ? target : target.pattern;
      if (since !== undefined) this.requireHistory(target);
      const channel = this.open(target);
      const reader = new Reader(name, subscriber, {
        since,
        writable,
        read: since === undefined ? undefined : (after) => channel.read(after),
        gapMessage: gap && ((found) => this.make(name, undefined, gap(found))),
        foundGap: (found) => this.foundGap(found, gap !== undefined),
        failed: (error) => this.report(error, name),
      });
      channel.enter(reader);
      // Whom others are told of is there: what they publish then comes to it.
      const leave = this.attendance.enter(keyOf(target), member);
      return () => {
        channel.leave(reader);
        leave();
      };
    });
  }

  subscribers(given: string | TopicPattern): Observable<number> {
    return this.attendance.count(keyOf(targetOf(given)));
  }

  presence(given: string | TopicPattern): Observable<Presence> {
    return this.attendance.presence(keyOf(targetOf(given)));
  }

  toMessage(
    topic: string,
    content: Data | Prepared<unknown>,
    id: string | undefined,
    receiver: object,
  ): TopicMessage<T> | undefined {
    // Of this process: it was made below.
    if (this.isOurs(content)) return content;
    const data = content instanceof Prepared ? content.data : content;
    // The last pattern may have left in the middle of what came together.
    const made = this.lastMade.find(topic, data, id, receiver);
    if (made !== undefined) return made;
    try {
      const value = decodeSent(this.config.codec, data);
      const isStamped = id !== undefined && this.config.withId !== undefined;
      const message = isStamped ? this.make(topic, id, value) : new TopicMessage(topic, id, value, data);
      if (this.patterns > 0) this.lastMade.keep(message, data, receiver);
      else this.lastMade.clear();
      return message;
    } catch (cause) {
      const what = `a message of the topic ${JSON.stringify(topic)} cannot be decoded, and was left out`;
      this.report(new BusError(what, { cause }), topic);
      return undefined;
    }
  }

  foundGap(gap: Gap, isTold: boolean): void {
    this.foundGaps.next(gap);
    if (isTold) return;
    const topic = JSON.stringify(gap.topic);
    const what =
      gap.awayMs > 0
        ? `the bus was away for ${Math.round(gap.awayMs)} ms: what was published to ${topic} meanwhile may have been missed`
        : `the history of ${topic} does not go back so far: messages may have been missed`;
    this.report(new BusError(what), gap.topic);
  }

  report(error: unknown, topic: string): void {
    this.complaints.report(error, topic);
  }

  /** What others on this bus have made is read like what another process sent: their codec may be another one. */
  private isOurs(content: Data | Prepared<unknown>): content is TopicMessage<T> {
    if (!(content instanceof TopicMessage)) return false;
    const { codec, withId } = this.config;
    return content.by?.codec === codec && content.by.withId === withId;
  }

  private make(topic: string, id: string | undefined, value: T): TopicMessage<T> {
    const { codec, withId } = this.config;
    const stamped = id === undefined || withId === undefined ? value : withId(value, id);
    return new TopicMessage(topic, id, stamped, prepare(stamped, codec).data, this.config);
  }

  private open(target: string | TopicPattern): Channel<T> {
    const key = keyOf(target);
    const present = this.channels.get(key);
    if (present !== undefined) return present;
    const isPattern = typeof target !== 'string';
    const channel: Channel<T> = new Channel(target, this, () => {
      if (this.channels.get(key) !== channel) return;
      this.channels.delete(key);
      if (isPattern) this.patterns--;
    });
    this.channels.set(key, channel);
    if (isPattern) this.patterns++;
    return channel;
  }

  private requireHistory(target: string | TopicPattern): void {
    if (typeof target !== 'string')
      throw new InvalidArgumentError('since is for one topic, and not for a pattern');
    if (this.bus.read === undefined)
      throw new InvalidArgumentError(
        'since needs a bus that keeps a history: memory({ history: true }), say',
      );
  }
}

function targetOf(given: string | TopicPattern): string | TopicPattern {
  return typeof given === 'object' ? { pattern: topicName(given.pattern) } : topicName(given);
}
