import { describe, expect, it } from '@jest/globals';
import { Attendance } from '../../src/topics/Attendance.ts';

describe('Attendance', () => {
  it('counts who is there, first and at each change', () => {
    const attendance = new Attendance();
    const counts: number[] = [];
    const watch = attendance.count('a').subscribe((count) => counts.push(count));
    const leave = [attendance.enter('a', undefined), attendance.enter('a', 'ann')];
    attendance.enter('b', undefined);
    for (const each of leave) each();
    watch.unsubscribe();
    attendance.enter('a', undefined);
    expect(counts).toEqual([0, 1, 2, 1, 0]);
  });

  it('tells who joins and leaves: once, who is there twice; not, who is nobody', () => {
    const attendance = new Attendance();
    const told: string[] = [];
    const first = attendance.enter('a', 'ann');
    attendance.presence('a').subscribe(({ kind, member }) => told.push(`${member} ${kind}`));
    const second = attendance.enter('a', 'ann');
    attendance.enter('a', undefined);
    const bob = attendance.enter('a', 'bob');
    first();
    bob();
    second();
    expect(told).toEqual(['ann joined', 'bob joined', 'bob left', 'ann left']);
  });

  it('tells those who join while it tells who is there', () => {
    const attendance = new Attendance();
    const told: string[] = [];
    attendance.enter('a', 'ann');
    attendance.presence('a').subscribe(({ member }) => {
      told.push(member);
      if (member === 'ann') attendance.enter('a', 'bob');
    });
    expect(told).toEqual(['ann', 'bob']);
  });

  it('keeps nothing of what nobody listens to or watches', () => {
    const attendance = new Attendance();
    const kept = (): number => (attendance as unknown as { topics: Map<string, unknown> }).topics.size;
    const leave = attendance.enter('a', 'ann');
    const watch = attendance.count('a').subscribe();
    const presence = attendance.presence('b').subscribe();
    expect(kept()).toBe(2);
    leave();
    presence.unsubscribe();
    expect(kept()).toBe(1);
    watch.unsubscribe();
    expect(kept()).toBe(0);
  });
});
