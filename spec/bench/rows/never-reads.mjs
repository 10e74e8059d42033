// Peers that never read: what is held for them.
import { setTimeout } from 'node:timers/promises';

const KIB = 1_024;
const MIB = KIB * KIB;
const bytes = KIB;
const clientFrame = bytes + 8;
const serverFrame = bytes + 4;

/** What an echo server has read and the system has not taken back from it, at most, until nothing moves. */
async function heldEcho(bench, name) {
  const load = await bench.load();
  const server = await bench.server(name, 'never read');
  const total = 120 * MIB;
  const before = await server.ask('memory');
  await load.ask('open', 'stubborn', name, { port: server.ready.port });
  await load.ask('send', name, total, bytes);
  let held = 0;
  let heap = 0;
  for (let still = 0, last = -1; still < 10;) {
    await setTimeout(50);
    const { read, written } = await server.ask('bytes');
    held = Math.max(held, (read / clientFrame - written / serverFrame) * bytes);
    heap = Math.max(heap, (await server.ask('memory')).held - before.held);
    still = read === last ? still + 1 : 0;
    last = read;
  }
  await load.ask('close', name);
  return { held, heap };
}

async function echo(bench) {
  const ours = await heldEcho(bench, 'ours');
  const ws = bench.quick ? undefined : await heldEcho(bench, 'ws');
  return {
    workload: 'a peer that never reads, echo of 120 MiB: held',
    against: 'nothing',
    value: ours.held / MIB,
    unit: 'MiB',
    most: 0.5,
    note:
      `heap and buffers ${(ours.heap / MIB).toFixed(2)} MiB` +
      (ws ? `; \`ws\` holds ${(ws.held / MIB).toFixed(0)} MiB` : ''),
  };
}

async function push(bench) {
  const load = await bench.load();
  const server = await bench.server('ours', 'flood');
  const before = await server.ask('memory');
  const path = `/?bytes=${bytes}&total=${200 * MIB}`;
  await load.ask('open', 'stubborn', 'flood', { port: server.ready.port, path });
  let heap = 0;
  let state;
  for (let i = 0; i < 100 && state?.close === undefined; i++) {
    await setTimeout(20);
    heap = Math.max(heap, (await server.ask('memory')).held - before.held);
    state = await server.ask('flood');
  }
  await load.ask('close', 'flood');
  const { close, mostBuffered } = state;
  return {
    workload: 'a peer that never reads, push of 200 MiB: held, then closed',
    against: 'nothing',
    value: mostBuffered / MIB,
    unit: 'MiB',
    // What may wait, the window, and one message.
    most: (MIB + 64 * KIB + bytes) / MIB,
    failed: close?.code !== 1013,
    note: `closed with ${close?.code ?? 'nothing'}; heap and buffers ${(heap / MIB).toFixed(2)} MiB`,
  };
}

export const rows = [
  { workload: 'a peer that never reads, echo of 120 MiB', run: echo },
  { workload: 'a peer that never reads, push of 200 MiB', run: push },
];
