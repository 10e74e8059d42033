// node --expose-gc spec/soak/topics.mjs [memory|redis|@redis/client|ioredis|nats …]
// Opens and closes 100,000 topics over each bus (built, and servers at their usual ports): what is left of each in the heap.
import { setImmediate as turn } from 'node:timers/promises';
import { createClient } from '@redis/client';
import { Redis } from 'ioredis';
import { memory, text, topics } from 'rxjs-ws';
import { nats } from 'rxjs-ws/nats';
import { redis } from 'rxjs-ws/redis';
import { filter, firstValueFrom } from 'rxjs';
import { slope } from './slope.mjs';

const prefix = `rxjs-ws-soak-${process.pid}`;
const buses = {
  memory: () => memory({ history: false }),
  redis: () => redis({ url: 'redis://127.0.0.1', prefix }),
  '@redis/client': () => redis({ client: createClient(), prefix }),
  'ioredis, sharded': () => redis({ client: new Redis({ lazyConnect: true }), prefix, sharded: true }),
  nats: () => nats({ url: 'nats://127.0.0.1', prefix }),
};
const wanted = process.argv.slice(2);
const ROUND = 10_000;

async function measure(bus) {
  const rooms = topics({ codec: text(), bus });
  const kept = rooms.messages('kept').subscribe();
  const points = [];
  for (let round = 0; round < 12; round++) {
    for (let i = 0; i < ROUND; i += 100) {
      const some = Array.from({ length: 100 }, (_, at) =>
        rooms.messages(`room:${round}:${i + at}`).subscribe(),
      );
      await turn();
      for (const each of some) each.unsubscribe();
    }
    // Behind all of it.
    const got = firstValueFrom(rooms.messages('end').pipe(filter(({ value }) => value === String(round))));
    rooms.publish('end', String(round));
    await got;
    globalThis.gc();
    await turn();
    globalThis.gc();
    // The first rounds warm up.
    if (round >= 2) points.push([(round + 1) * ROUND, process.memoryUsage().heapUsed]);
  }
  kept.unsubscribe();
  await bus.close();
  return { first: points[0][1], last: points.at(-1)[1], each: slope(points) };
}

let problems = 0;
for (const [name, make] of Object.entries(buses)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const { first, last, each } = await measure(make());
  // A topic that stayed would be hundreds of bytes.
  if (each > 10) problems++;
  const kib = (bytes) => `${Math.round(bytes / 1_024)} KiB`;
  console.log(
    `${name}: ${kib(first)} after 30,000 topics, ${kib(last)} after 120,000: ${each.toFixed(2)} bytes each`,
  );
}
process.exit(problems > 0 ? 1 : 0);
