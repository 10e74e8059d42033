import type { Codec } from '../core/Codec.ts';
import type { Anything } from './Anything.ts';

/** What asks for a marble upgrade, and what it is like once it is a connection. */
export interface MarbleUpgradeConfig {
  /** Default `ws://localhost/`. */
  url?: string | URL;
  /** Header fields by lower-case name, beside those of the handshake. */
  headers?: Readonly<Record<string, string>>;
  /** The subprotocols that the client offers. */
  protocols?: readonly string[];
  /** The subprotocols that the server speaks, as `listen({ protocols })` has them. */
  supported?: readonly string[];
  remoteAddress?: string;
  /** The named groups of the path, as `listen({ path })` finds them. */
  params?: Readonly<Record<string, string>>;
  /** How long it may stay undecided. Default 10 s, as in `listen`. */
  handshakeTimeoutMs?: number;
  /** The client's codec: it encodes the values of the diagram, and decodes what is sent. Default: text and bytes as they are. */
  codec?: Codec<Anything, Anything>;
  /** As in `MarbleConnectionConfig`. */
  writable?: string;
  close?: { code: number; reason?: string };
  error?: unknown;
  pongMs?: number;
  closeMs?: number;
}
