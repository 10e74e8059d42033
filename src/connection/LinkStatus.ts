import type { CloseInfo } from '../core/CloseInfo.ts';

/** Where a link is. `retryAt` is the time of its next attempt, in milliseconds since 1970; `close` how its last connection ended. */
export type LinkStatus =
  | { readonly state: 'connecting' | 'open' }
  | { readonly state: 'waiting'; readonly retryAt: number }
  | { readonly state: 'closed'; readonly close?: CloseInfo };
