// One node publishes, the other hears, over a bus: through `topics`, and by the client of the bus alone.
import { calibrated } from '../calibrated.mjs';
import { cpuRate, paired, rate } from '../paired.mjs';

const bytes = 64;
const inFlight = 1_000;
/** Who publishes how, and to how many topics in turn; see `nodes/voices.mjs`. */
const every = {
  ours: 'ours 1',
  bare: 'bare 1',
  /** What our codec does, done by hand. */
  'bare with JSON': 'json 1',
  history: 'history 1',
  'ours, 10 topics': 'ours 10',
  'bare, 10 topics': 'bare 10',
};
/** The client that repeats what it keeps. */
const ofJetStream = { 'bare JetStream': 'stream 1' };

const twoNodes = (kind, client) => {
  const sides = kind === 'nats' ? { ...every, ...ofJetStream } : every;
  const workload = `two nodes over ${client.title}, ${bytes} B, ${inFlight.toLocaleString('en')} in flight`;
  return {
    workload,
    run: async (bench) => {
      const bus = await bench.bus(kind);
      if (bus === undefined) return [];
      const names = Object.keys(sides).slice(0, bench.quick ? 2 : undefined);
      const node = (file, name, core) =>
        bench.node(file, `${client.name} ${sides[name]} ${bytes}`, bus.url, core);
      const nodes = async (name) => [await node('publisher', name, 0), await node('hearer', name, 1)];
      for (const name of names) {
        const [publisher, hearer] = await nodes(name);
        await hearer.ask('hear', publisher.ready.port);
      }
      const slice = await calibrated(names, async (name, about) => {
        const [publisher, hearer] = await nodes(name);
        const count = Math.ceil(about / inFlight) * inFlight;
        const cpu = async () => (await publisher.ask('cpu')) + (await hearer.ask('cpu'));
        const before = await cpu();
        const seconds = await publisher.ask('publish', count, inFlight);
        return { messages: count, seconds, cpuMs: ((await cpu()) - before) / 1_000 };
      });
      const { compare, of } = await paired(names, slice, bench.rounds(40));
      const beside = {
        'ours to the bare client with JSON at both ends': ['ours', 'bare with JSON'],
        'with a history to the bare client': ['history', 'bare'],
        'with a history to the bare client of JetStream': ['history', 'bare JetStream'],
        '10 topics in turn to the bare client': ['ours, 10 topics', 'bare, 10 topics'],
      };
      return {
        workload,
        against: 'the bare client',
        ratio: compare('ours', 'bare', rate),
        cpu: compare('ours', 'bare', cpuRate),
        least: 0.8,
        rates: Object.fromEntries(names.map((name) => [name, of(name, rate).median])),
        beside: Object.fromEntries(
          Object.entries(beside)
            .filter(([, pair]) => pair.every((name) => names.includes(name)))
            .map(([what, pair]) => [what, compare(...pair, rate)]),
        ),
      };
    },
  };
};

export const rows = [
  twoNodes('redis', { name: 'node-redis', title: 'Redis by `@redis/client`' }),
  twoNodes('redis', { name: 'ioredis', title: 'Redis by `ioredis`' }),
  twoNodes('nats', { name: 'nats', title: 'NATS' }),
];
