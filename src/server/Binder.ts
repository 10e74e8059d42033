import { AsyncLocalStorage } from 'node:async_hooks';
import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';

/** Where an own server wants to listen. */
export interface BindAddress {
  /** 0: one that is free. */
  readonly port: number;
  /** Undefined: all addresses. */
  readonly host: string | undefined;
}

/** Takes own servers in, which then open no port: their connections come inside the process. */
export interface Binder {
  /** Throws where the address cannot be had. The server emits `listening` in a later turn, and `addressOf` knows its address. */
  bind(server: HttpServer | HttpsServer, address: BindAddress): void;
  /** The server is about to close. Does nothing where it is not bound. */
  unbind(server: HttpServer | HttpsServer): void;
}

/** Who takes in the servers of each `listen` that is subscribed within its `run`, however late. */
export const binders: AsyncLocalStorage<Binder> = new AsyncLocalStorage();

/** The addresses of the servers that a binder took in. */
export const boundAddresses: WeakMap<HttpServer | HttpsServer, { port: number; address: string }> =
  new WeakMap();
