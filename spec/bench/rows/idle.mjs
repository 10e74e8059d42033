// What a connection costs on which nothing happens: the heap after a collection.
import { setTimeout } from 'node:timers/promises';
import { spread } from '../statistics.mjs';

const sides = { ws: ['ws', 'idle'], bare: ['ours', 'idle'], handled: ['ours', 'idle map'] };

async function heapOf(bench, [name, role], connections) {
  const load = await bench.load();
  const side = await bench.server(name, role);
  const before = await side.ask('memory');
  await load.ask('open', 'crowd', role, { port: side.ready.port, connections });
  await setTimeout(200);
  const after = await side.ask('memory');
  await load.ask('close', role);
  await setTimeout(300);
  return (after.heap - before.heap) / connections;
}

async function run(bench) {
  const connections = bench.quick ? 1_000 : 8_000;
  const heaps = { ws: [], bare: [], handled: [] };
  // The first crowd of a process finds code not yet compiled and pools not yet filled.
  for (const side of Object.values(sides)) await heapOf(bench, side, 200);
  for (let i = 0; i < (bench.quick ? 1 : 3); i++) {
    for (const name of Object.keys(sides)) heaps[name].push(await heapOf(bench, sides[name], connections));
  }
  const compare = (name) => spread(heaps[name].map((heap, i) => heap / heaps.ws[i]));
  const bytes = Object.fromEntries(Object.keys(heaps).map((name) => [name, spread(heaps[name]).median]));
  const idle = `${connections.toLocaleString('en')} idle connections, heap`;
  const against = 'plain `ws`';
  return [
    { workload: `${idle}: bare`, against, ratio: compare('bare'), most: 1.15, bytes },
    { workload: `${idle}: \`handle\` + \`map\``, against, ratio: compare('handled'), most: 1.5, bytes },
  ];
}

export const rows = [{ workload: '8,000 idle connections, heap', run }];
