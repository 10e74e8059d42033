import { BAD, fault, type Reactions, type Step } from './Run.ts';

export interface Script {
  readonly script: readonly Step[];
  readonly reactions?: Reactions;
  readonly config?: object;
}

const clean = { wasClean: true, code: 1000, reason: '' };
const lost = { wasClean: false, code: 1006, reason: '' };

/** What `rxjs/webSocket` and this library do alike. */
export const scripts: Readonly<Record<string, Script>> = {
  'nothing before the first subscription': { script: [['next', 1], ['subscribe']] },
  'the subprotocols, where there are any': { script: [['subscribe']], config: { protocol: ['v1', 'v2'] } },
  'one socket for all, closed by the last to leave': {
    script: [
      ['subscribe'],
      ['subscribe'],
      ['open', 0],
      ['receive', 0, '1'],
      ['unsubscribe', 0],
      ['receive', 0, '2'],
      ['unsubscribe', 1],
      ['receive', 0, '3'],
      ['end', 0, clean],
    ],
  },
  'no replay': {
    script: [['subscribe'], ['open', 0], ['receive', 0, '1'], ['subscribe'], ['receive', 0, '2']],
  },
  'what was sent before the opening, in order, behind openObserver': {
    script: [['next', 1], ['subscribe'], ['next', 2], ['open', 0], ['next', 3]],
    reactions: { open: ['next', 'from openObserver'] },
  },
  'unsubscribing while it connects': {
    script: [['next', 1], ['subscribe'], ['unsubscribe', 0], ['end', 0, lost]],
  },
  'an end by the server, and another connection': {
    script: [['subscribe'], ['open', 0], ['end', 0, clean], ['subscribe'], ['open', 0], ['receive', 0, '1']],
  },
  'any code is an end where it was clean': {
    script: [['subscribe'], ['open', 0], ['end', 0, { wasClean: true, code: 4401, reason: 'log in' }]],
  },
  'a loss': { script: [['subscribe'], ['subscribe'], ['open', 0], ['end', 0, lost]] },
  'an error event, and the close behind it': { script: [['subscribe'], ['fail', 0], ['end', 0, lost]] },
  'an error event of an open connection': {
    script: [['subscribe'], ['open', 0], ['fail', 0], ['end', 0, lost], ['subscribe'], ['open', 0]],
  },
  retry: {
    script: [
      ['retry', 2],
      ['fail', 0],
      ['end', 1, lost],
      ['open', 0],
      ['receive', 0, '1'],
      ['end', 0, lost],
      ['open', 0],
      ['receive', 0, '2'],
      ['end', 0, lost],
    ],
  },
  'retry of a message that cannot be read': {
    script: [
      ['retry', 1],
      ['open', 0],
      ['receive', 0, '{'],
      ['end', 1, clean],
      ['open', 0],
      ['receive', 0, '1'],
    ],
  },
  'complete, and what the server still says': {
    script: [['subscribe'], ['open', 0], ['complete'], ['receive', 0, '1'], ['end', 0, clean]],
  },
  'complete before the opening, behind what was sent': {
    script: [['next', 1], ['complete'], ['next', 2], ['subscribe'], ['open', 0], ['end', 0, clean]],
  },
  'complete, and who subscribes before the end': {
    script: [
      ['subscribe'],
      ['open', 0],
      ['complete'],
      ['subscribe'],
      ['end', 1, clean],
      ['open', 0],
      ['next', 1],
    ],
  },
  'a code and a reason': {
    script: [['subscribe'], ['open', 0], ['error', { code: 4000, reason: 'enough' }], ['end', 0, clean]],
  },
  'a code and a reason before the opening': {
    script: [['next', 1], ['subscribe'], ['error', { code: 4000, reason: 'enough' }], ['open', 0]],
  },
  'a code without a reason': { script: [['subscribe'], ['open', 0], ['error', { code: 3000 }]] },
  'an error without a code': {
    script: [['subscribe'], ['subscribe'], ['open', 0], ['error', new Error('mine')], ['end', 0, clean]],
  },
  'no error at all': {
    script: [['subscribe'], ['open', 0], ['error', undefined], ['subscribe'], ['open', 0]],
  },
  'an error without a code before the opening': { script: [['subscribe'], ['error', 'x'], ['open', 0]] },
  'a message that cannot be read': {
    script: [
      ['subscribe'],
      ['subscribe'],
      ['open', 0],
      ['receive', 0, '{'],
      ['end', 0, clean],
      ['subscribe'],
    ],
  },
  'a message that cannot be read, and a code for it': {
    script: [['subscribe'], ['open', 0], ['receive', 0, '{'], ['end', 0, clean]],
    reactions: { error: ['error', { code: 4007, reason: 'unreadable' }] },
  },
  'a value that cannot be serialized, before the opening': {
    script: [['subscribe'], ['next', 1], ['next', BAD], ['next', 2], ['open', 0], ['end', 0, clean]],
  },
  'a constructor that throws': {
    script: [['fault', fault], ['subscribe'], ['fault', undefined], ['subscribe']],
  },
  'parts of a conversation': {
    script: [
      ['multiplex', 'a'],
      ['multiplex', 'b'],
      ['open', 0],
      ['receive', 0, '{"key":"a"}'],
      ['receive', 0, '{"key":"b"}'],
      ['unsubscribe', 0],
      ['receive', 0, '{"key":"a"}'],
      ['unsubscribe', 1],
      ['end', 0, clean],
    ],
  },
  'a part beside a subscriber, added later': {
    script: [
      ['subscribe'],
      ['open', 0],
      ['multiplex', 'a'],
      ['receive', 0, '{"key":"a"}'],
      ['unsubscribe', 1],
      ['receive', 0, '1'],
    ],
  },
  'a part whose filter throws': {
    script: [['subscribe'], ['multiplex', 'a'], ['open', 0], ['receive', 0, '{"fault":true}']],
  },
  'a part of a connection that ends': {
    script: [
      ['multiplex', 'a'],
      ['open', 0],
      ['end', 0, clean],
    ],
  },
  'a part of a connection that is lost': {
    script: [
      ['multiplex', 'a'],
      ['fail', 0],
      ['end', 0, lost],
    ],
  },
  'a part, unsubscribed while it connects': {
    script: [
      ['multiplex', 'a'],
      ['unsubscribe', 0],
      ['end', 0, lost],
    ],
  },
  'unsubscribe for good': {
    script: [
      ['subscribe'],
      ['open', 0],
      ['close'],
      ['next', 1],
      ['complete'],
      ['end', 0, clean],
      ['subscribe'],
      ['multiplex', 'a'],
    ],
    config: { onError: () => {} },
  },
  'unsubscribe for good while it connects': { script: [['subscribe'], ['close'], ['end', 0, lost]] },
  'who subscribes in closeObserver': {
    script: [['subscribe'], ['open', 0], ['end', 0, clean], ['open', 0], ['receive', 0, '1']],
    reactions: { closed: ['subscribe'] },
  },
  'who answers within a message': {
    script: [['subscribe'], ['subscribe'], ['open', 0], ['receive', 0, '1']],
    reactions: { next: ['next', 'answer'] },
  },
  'who completes within a message': {
    script: [['subscribe'], ['open', 0], ['receive', 0, '1'], ['receive', 0, '2'], ['end', 0, clean]],
    reactions: { next: ['complete'] },
  },
  'the kind of bytes': { script: [['subscribe'], ['open', 0]], config: { binaryType: 'arraybuffer' } },
  'another deserializer': {
    script: [['subscribe'], ['open', 0], ['receive', 0, 'text']],
    config: { deserializer: ({ data }: { data: string }) => data.toUpperCase() },
  },
  'values that JSON does not know': {
    script: [['subscribe'], ['open', 0], ['next', undefined], ['next', null], ['next', NaN]],
  },
};
