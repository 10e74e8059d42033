import { describe, expect, it } from '@jest/globals';
import { Room } from '../../src/connection/Room.ts';
import { collect } from './contract/Pair.ts';

describe('Room', () => {
  it('tells each change once, first its owner, then who subscribed', () => {
    const told: string[] = [];
    const room = new Room(true, (is) => told.push(`owner ${is}`));
    room.states.subscribe((is) => told.push(`state ${is}`));
    for (const is of [true, false, false, true]) room.tell(is);
    expect(told).toEqual(['state true', 'owner false', 'state false', 'owner true', 'state true']);
  });

  it('knows how it is, though nobody had asked', () => {
    const room = new Room(false);
    room.tell(true);
    room.tell(false);
    const { values } = collect(room.states);
    room.tell(true);
    expect(values).toEqual([false, true]);
  });

  it('ends with the truth for its owner, where a subscriber fills it again', () => {
    const owner: boolean[] = [];
    const room = new Room(false, (is) => owner.push(is));
    room.states.subscribe((is) => is && room.tell(false));
    const { values } = collect(room.states);
    room.tell(true);
    expect(owner).toEqual([true, false]);
    expect(values).toEqual([false, true, false]);
  });

  it('completes', () => {
    const room = new Room(true);
    const states = collect(room.states);
    room.complete();
    expect(states.isComplete).toBe(true);
  });
});
