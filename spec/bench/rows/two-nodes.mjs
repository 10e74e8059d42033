// One node publishes, the other hears, over a bus: through `topics`, and by the client of the bus alone.
import { calibrated } from '../calibrated.mjs';
import { cpuRate, paired, rate } from '../paired.mjs';

const bytes = 64;
const inFlight = 1_000;

const twoNodes = (kind, client) => {
  const workload = `two nodes over ${client.title}, ${bytes} B, ${inFlight.toLocaleString('en')} in flight`;
  return {
    workload,
    run: async (bench) => {
      const { url } = (await bench.bus(kind)) ?? {};
      if (url === undefined) return [];
      const names = ['ours', 'bare', ...(bench.quick ? [] : ['json', 'history'])];
      const role = (name) => `${client.name} ${name} ${bytes}`;
      const nodes = async (name) => [
        await bench.node('publisher', role(name), url, 0),
        await bench.node('hearer', role(name), url, 1),
      ];
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
      return {
        workload,
        against: 'the bare client',
        ratio: compare('ours', 'bare', rate),
        cpu: compare('ours', 'bare', cpuRate),
        least: 0.8,
        rates: Object.fromEntries(names.map((name) => [name, of(name, rate).median])),
        beside: bench.quick
          ? {}
          : { 'to bare with JSON': compare('ours', 'json', rate), history: compare('history', 'ours', rate) },
      };
    },
  };
};

export const rows = [
  twoNodes('redis', { name: 'node-redis', title: 'Redis by `@redis/client`' }),
  twoNodes('redis', { name: 'ioredis', title: 'Redis by `ioredis`' }),
  twoNodes('nats', { name: 'nats', title: 'NATS' }),
];
