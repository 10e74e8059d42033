import { describe, expect, it } from '@jest/globals';
import { map } from 'rxjs';
import { here, originOf } from '../../src/testing/originOf.ts';
import { runMarbles } from '../../src/testing/runMarbles.ts';

describe('originOf', () => {
  it('is the first place of the user', () => {
    const stack = [
      'Error',
      '    at here (/app/node_modules/rxjs-ws/dist/esm/testing/originOf.js:12:20)',
      '    at Observable.subscribe (/app/node_modules/rxjs/dist/cjs/internal/Observable.js:1:1)',
      '    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
      '    at mine (/app/src/mine.ts:5:7)',
      '    at file:///app/src/other.ts:9:9',
    ];
    expect(originOf(stack.join('\n'))).toBe('/app/src/mine.ts:5:7');
    expect(originOf([stack[0], stack[5]].join('\n'))).toBe('file:///app/src/other.ts:9:9');
  });

  it('is empty where there is none', () => {
    expect(originOf(undefined)).toBe('');
    expect(originOf('Error\n    at x (node:events:1:1)')).toBe('');
  });

  it('knows this library from what uses it', () => {
    expect(here()).toContain('originOf.spec.ts');
    expect(runMarbles(() => here())).toContain('originOf.spec.ts');
  });

  it('does not blame who called runMarbles for what happens in it', () => {
    runMarbles(({ cold, expectObservable }) => {
      expectObservable(cold('-a').pipe(map(here))).toBe('-a', { a: '' });
    });
  });
});
