import type { Dropped } from '../core/Dropped.ts';
import type { CloseInfo } from '../core/CloseInfo.ts';
import type { Data } from '../core/Data.ts';
import { Fragment } from '../core/Fragment.ts';
import { payloadOf } from '../core/Outbound.ts';
import { Ping } from '../core/Ping.ts';
import { Prepared } from '../core/Prepared.ts';
import type { Engine } from '../connection/Engine.ts';
import type { Happening } from './Happening.ts';
import { type Arrival, CloseFrame, type MemoryPeer, PongFrame } from './MemoryPeer.ts';
import { ValueBytes } from './ValueBytes.ts';

/** What happens on one connection, and in which frame. */
export class Recording {
  readonly sent: Happening[] = [];
  readonly pinged: Happening[] = [];
  readonly closed: Happening[] = [];
  readonly dropped: Happening[] = [];
  readonly reading: Happening[] = [];
  /** Of an upgrade: how it was answered. */
  readonly answered: Happening[] = [];
  private readonly now: () => number;
  private parts: Data[] = [];

  constructor(peer: MemoryPeer, now: () => number) {
    this.now = now;
    peer.received.subscribe((arrival) => this.arrived(arrival));
  }

  /** There is a connection now. */
  attach(engine: Engine): void {
    engine.closed.subscribe((close: CloseInfo) => this.note(this.closed, close));
    engine.outgoing.lanes.dropped.subscribe((dropped: Dropped) => this.note(this.dropped, dropped));
    engine.incoming.reading.subscribe((isReading) => this.read(isReading));
  }

  answer(answer: object): void {
    this.note(this.answered, answer);
  }

  /** The connection is handed over: from now on it is seen whether it reads. */
  begin(isReading: boolean): void {
    this.reading.length = 0;
    this.read(isReading);
  }

  private note(list: Happening[], value: unknown, wire?: Data): void {
    list.push({ frame: this.now(), kind: 'N', value, ...(wire === undefined ? {} : { wire }) });
  }

  /** What lasts no longer than its frame is not seen: a bracket around an emission is no hold that anybody feels. */
  read(isReading: boolean): void {
    const { reading } = this;
    if (reading.at(-1)?.frame === this.now()) reading.pop();
    const letter = isReading ? 't' : 'f';
    if (reading.at(-1)?.value !== letter) this.note(reading, letter);
  }

  private arrived(arrival: Arrival): void {
    if (arrival instanceof Ping) this.note(this.pinged, new TextDecoder().decode(arrival.data));
    else if (arrival instanceof Fragment) this.partArrived(arrival);
    else if (!(arrival instanceof CloseFrame || arrival instanceof PongFrame)) {
      const wire = payloadOf(arrival);
      if (arrival instanceof Prepared) this.note(this.sent, arrival.value, wire);
      else this.note(this.sent, wire instanceof ValueBytes ? wire.value : wire, wire);
    }
  }

  private partArrived({ data, last }: Fragment): void {
    this.parts.push(data);
    if (!last) return;
    const { parts } = this;
    this.parts = [];
    const whole = joined(parts);
    this.note(this.sent, whole, whole);
  }
}

function joined(parts: readonly Data[]): Data {
  if (typeof parts[0] === 'string') return parts.join('');
  return Uint8Array.from((parts as Uint8Array[]).flatMap((part) => [...part]));
}
