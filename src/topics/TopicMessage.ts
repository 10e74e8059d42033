import type { Data } from '../core/Data.ts';
import { Prepared } from '../core/Prepared.ts';

/** @internal */
interface Making {
  readonly codec: unknown;
  readonly withId?: unknown;
}

/** A message of a topic, encoded and framed once for all who get it in this process. */
export class TopicMessage<out T> extends Prepared<T> {
  readonly topic: string;
  /** Where it stands in the history of its topic; undefined on a bus that keeps none. Later messages have greater ones. */
  readonly id: string | undefined;

  /** @internal The settings that it was made by: where others are, it is like one of another process. */
  readonly by: Making | undefined;

  /** @internal */
  constructor(topic: string, id: string | undefined, value: T, data: Data, by?: Making) {
    super(value, data);
    this.topic = topic;
    this.id = id;
    this.by = by;
  }
}
