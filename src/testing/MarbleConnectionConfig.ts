import type { ConnectionConfig } from '../connection/ConnectionConfig.ts';
import type { Capabilities } from '../core/Capabilities.ts';

/**
 * What the peer of a marble connection is like, beside what it says; and the config of the connection itself. It is kept alive
 * only where `keepAlive` says so, and pings no longer than the diagrams of the test go on.
 */
export interface MarbleConnectionConfig<In, Out, Context> extends ConnectionConfig<In, Out> {
  /** `f`: the peer stops to read, and nothing more leaves; `t`: it goes on. Default: it reads. */
  writable?: string;
  context?: Context;
  /** What `|` in the diagram closes with. Default 1000; `{ code: 1005 }` is a close frame without a code. */
  close?: { code: number; reason?: string };
  /** Why the connection is lost at `#`: `CloseInfo.error`. Default: unknown. */
  error?: unknown;
  /** How long the peer takes to answer a ping, in milliseconds; `Infinity`: it never does. Default 0. */
  pongMs?: number;
  /** How long the peer takes to answer a close frame; `Infinity`: it never does. Default 0. */
  closeMs?: number;
  /** Which end this is. Default `'server'`; `attempts` makes it a client's. */
  side?: 'client' | 'server';
  url?: string | URL;
  headers?: Readonly<Record<string, string>>;
  remoteAddress?: string;
  protocol?: string;
  /** Default: holds, pings and fragments, as over `ws`; a page has none of them. */
  capabilities?: Capabilities;
}
