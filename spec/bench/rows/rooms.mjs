// A room on two nodes over Redis: one says, those who are connected to the other hear. socket.io does so by its adapter.
import { calibrated } from '../calibrated.mjs';
import { messageOf } from '../messageOf.mjs';
import { STEP } from '../nodes/publishing.mjs';
import { cpuRate, paired, rate } from '../paired.mjs';

const bytes = 64;
const connections = 50;
const inFlight = 200;
const names = ['ours', 'socket.io'];

async function opened(bench) {
  const bus = await bench.bus('redis');
  if (bus === undefined) return undefined;
  const load = await bench.load();
  const nodes = new Map();
  for (const name of names) {
    const [saying, hearing] = [
      await bench.node('room', `${name} says ${bytes}`, bus.url),
      await bench.node('room', `${name} hears ${bytes}`, bus.url),
    ];
    nodes.set(name, { saying, hearing });
    const text = JSON.stringify(messageOf(bytes));
    const { port } = hearing.ready;
    const { credit } = saying.ready;
    await load.ask('open', 'room', name, { port, connections, dialect: name, text, credit, step: STEP });
  }
  const cpu = async (name) => {
    const { saying, hearing } = nodes.get(name);
    return (await saying.ask('cpu')) + (await hearing.ask('cpu'));
  };
  const withCpu = async (name, measure) => {
    const before = await cpu(name);
    const sample = await measure(nodes.get(name).saying);
    return { ...sample, cpuMs: ((await cpu(name)) - before) / 1_000 };
  };
  const close = async () => {
    for (const name of names) await load.ask('close', name);
  };
  return { load, withCpu, close };
}

const much = `a room of ${connections} on another node over Redis, ${bytes} B, ${inFlight} in flight`;
async function throughput(bench) {
  const found = await opened(bench);
  if (found === undefined) return [];
  const { load, withCpu, close } = found;
  const slice = await calibrated(names, async (name, about) => {
    const count = Math.ceil(about / inFlight) * inFlight;
    return withCpu(name, async (saying) => {
      const heard = load.ask('hear', name, count);
      const seconds = await saying.ask('publish', count, inFlight);
      await heard;
      return { messages: count, seconds };
    });
  });
  const { compare, of } = await paired(names, slice, bench.rounds(40));
  await close();
  return {
    workload: much,
    against: 'socket.io with its Redis adapter',
    ratio: compare(...names, rate),
    cpu: compare(...names, cpuRate),
    least: 3,
    rates: Object.fromEntries(names.map((name) => [name, of(name, rate).median])),
  };
}

const perMs = 1;
const paced = `the same, ${(perMs * 1_000).toLocaleString('en')} a second`;
async function latency(bench) {
  const found = await opened(bench);
  if (found === undefined) return [];
  const { load, withCpu, close } = found;
  const count = 500 * perMs;
  const slice = (name) =>
    withCpu(name, async (saying) => {
      const heard = load.ask('hear', name, count, { isTimed: true });
      const published = await saying.ask('paced', count, perMs);
      await heard;
      return { messages: count, ...(await load.ask('latencies', name, published)) };
    });
  const { compare, of } = await paired(names, slice, bench.rounds(30));
  await close();
  const [p50, p99] = [(sample) => sample.p50, (sample) => sample.p99];
  const ms = (name, value) => `${of(name, value).median.toFixed(2)} ms`;
  return {
    workload: `${paced}: p99 from publishing to receiving`,
    against: 'socket.io with its Redis adapter',
    ratio: compare(...names, p99),
    cpu: compare(...names, cpuRate),
    most: 0.7,
    note: names.map((name) => `${name} p99 ${ms(name, p99)}, median ${ms(name, p50)}`).join('; '),
    beside: { median: compare(...names, p50) },
  };
}

export const rows = [
  { workload: much, run: throughput },
  { workload: `a room of ${connections} on another node: ${paced}`, run: latency },
];
