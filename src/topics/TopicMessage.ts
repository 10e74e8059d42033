import type { Data } from '../core/Data.ts';
import { Prepared } from '../core/Prepared.ts';

/** A message of a topic, encoded and framed once for all who get it in this process. */
export class TopicMessage<out T> extends Prepared<T> {
  readonly topic: string;
  /** Where it stands in the history of its topic; undefined on a bus that keeps none. Later messages have greater ones. */
  readonly id: string | undefined;

  /** @internal */
  constructor(topic: string, id: string | undefined, value: T, data: Data) {
    super(value, data);
    this.topic = topic;
    this.id = id;
  }
}
