import { afterEach, describe, expect, it } from '@jest/globals';
import { ProcessRef } from '../../src/testing/ProcessRef.ts';
import { turns } from './starting.ts';

describe('ProcessRef', () => {
  const ports = (): number =>
    process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
  const before = ports();
  afterEach(() => turns(2));

  it('keeps the process alive from the first hold to the last', async () => {
    const ref = new ProcessRef();
    expect(ports()).toBe(before);
    const letGo = [ref.hold(), ref.hold()];
    expect(ports()).toBe(before + 1);
    letGo[0]!();
    letGo[0]!();
    await turns(2);
    expect(ports()).toBe(before + 1);
    letGo[1]!();
    await turns(2);
    expect(ports()).toBe(before);
  });

  it('does so again', async () => {
    const ref = new ProcessRef();
    ref.hold()();
    const letGo = ref.hold();
    await turns(2);
    expect(ports()).toBe(before + 1);
    letGo();
    await turns(2);
    expect(ports()).toBe(before);
  });
});
