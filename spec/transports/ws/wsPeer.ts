import { setImmediate as turn } from 'node:timers/promises';
import { Buffer } from 'node:buffer';
import { WebSocket } from 'ws';
import type { Data } from '../../../src/core/Data.ts';
import { Inbox } from '../../connection/contract/Inbox.ts';
import type { ContractPeer, SeenClose } from '../../connection/contract/Pair.ts';

/** A plain `ws`, open, as the other end. */
export function wsPeer(ws: WebSocket): ContractPeer & { arrived(): Promise<void>; turns(): Promise<void> } {
  const inbox = new Inbox<Data>();
  const pongs = new Inbox<string>();
  ws.on('message', (data: Buffer, isBinary) => inbox.push(isBinary ? data : data.toString()));
  ws.on('pong', (data) => pongs.push(data.toString()));
  let fault = new Error('the connection has ended');
  // A protocol fault of ours shows here.
  ws.on('error', (error) => (fault = error));
  const closed = new Promise<SeenClose>((resolve) => {
    ws.on('close', (code, reason) => {
      for (const box of [inbox, pongs]) box.fail(fault);
      resolve({ code, reason: reason.toString() });
    });
  });
  const ping = (data: string): Promise<string> => {
    ws.ping(data);
    return pongs.next();
  };
  const turns = async (): Promise<void> => {
    for (let i = 0; i < 3; i++) await turn();
  };
  return {
    turns,
    send: (...messages) => {
      for (const message of messages) ws.send(message);
    },
    next: () => inbox.next(),
    ping,
    close: (code, reason) => ws.close(code, reason),
    cut: () => ws.terminate(),
    closed,
    stop: () => ws.pause(),
    start: () => ws.resume(),
    // What is behind a pong has arrived, and has been delivered a few turns later.
    arrived: async () => {
      if (ws.readyState === WebSocket.OPEN && !ws.isPaused) await ping('all');
      await turns();
    },
  };
}
