import type { Capabilities } from '../core/Capabilities.ts';

/** What the connection asked of its transport, and in which frame of virtual time. */
export interface Call {
  readonly frame: number;
  readonly name: 'open' | 'pause' | 'resume' | 'write' | 'close' | 'terminate';
}

export interface MemoryTransportConfig {
  readonly side?: 'client' | 'server';
  readonly protocol?: string;
  readonly capabilities?: Capabilities;
}
