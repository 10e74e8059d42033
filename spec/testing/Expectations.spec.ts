import { describe, expect, it } from '@jest/globals';
import { Expectations } from '../../src/testing/Expectations.ts';

describe('Expectations', () => {
  it('compares what RxJS hands it with what was said, in order', () => {
    const expectations = new Expectations();
    const first = expectations.addRxjs('first');
    const second = expectations.addRxjs('second');
    const said = (): void => {};
    expectations.said(second, said);
    expectations.said(first, said);
    const message = (frame: number) => ({ frame, notification: { kind: 'C' as const } });
    expectations.assert([message(1)], [message(1)]);
    expectations.assert([message(1)], [message(2)]);
    expectations.finish();
    expect(expectations.failures.map(({ text }) => text)).toEqual([
      'second\n\n  expected  --|\n  actual    -|-',
    ]);
  });

  it('compares its own when all is over', () => {
    const expectations = new Expectations();
    const own = expectations.addOwn('own');
    const actual: { frame: number; kind: 'N'; value: string }[] = [];
    expectations.compare(own, [{ frame: 1, kind: 'N', value: 'a', letter: 'a' }], actual);
    function toBe(): void {
      expectations.said(own, toBe);
    }
    toBe();
    actual.push({ frame: 1, kind: 'N', value: 'a' });
    expectations.finish();
    expect(expectations.failures).toEqual([]);
    expect(own.stack).toContain('Expectations.spec.ts');
    expect(own.stack).not.toContain('at toBe');
  });

  it('keeps what is noted', () => {
    const expectations = new Expectations();
    expectations.note('so it is');
    expect(expectations.failures).toEqual([{ text: 'so it is', stack: undefined }]);
  });
});
