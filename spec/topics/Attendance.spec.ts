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

  it('tells each the same, in the order in which it was, also where who is told comes and goes', () => {
    const attendance = new Attendance();
    const told: string[][] = [[], [], []];
    const [ann, bob] = ['ann', 'bob'].map((member) => attendance.enter('a', member));
    attendance.presence('a').subscribe(({ kind, member }) => {
      told[0]!.push(`${member} ${kind}`);
      if (told[0]!.length === 1) bob!();
      if (kind === 'left' && member === 'ann') attendance.enter('a', 'ann');
    });
    attendance.presence('a').subscribe(({ kind, member }) => told[1]!.push(`${member} ${kind}`));
    attendance.count('a').subscribe((count) => told[2]!.push(String(count)));
    ann!();
    expect(told[0]).toEqual(['ann joined', 'bob joined', 'bob left', 'ann left', 'ann joined']);
    expect(told[1]).toEqual(['ann joined', 'ann left', 'ann joined']);
    expect(told[2]).toEqual(['1', '0', '1']);
  });

  it('tells who begins to watch in the midst of it nothing twice', () => {
    const attendance = new Attendance();
    const told: string[] = [];
    attendance.presence('a').subscribe(({ member }) => {
      if (member !== 'ann') return;
      attendance.enter('a', 'bob');
      attendance.presence('a').subscribe((each) => told.push(`${each.member} ${each.kind}`));
    });
    attendance.enter('a', 'ann');
    expect(told).toEqual(['ann joined', 'bob joined']);
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
