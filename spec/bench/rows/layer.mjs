// What RxJS costs: `handle` and `map` against a callback at the engine below.
import { withCpu } from '../Bench.mjs';
import { cpuRate, paired, rate } from '../paired.mjs';

const workload = '`handle` + `map`, echo of 64 B';
const roles = { map: 'echo map', callback: 'echo callback' };

async function run(bench) {
  const names = Object.keys(roles);
  const load = await bench.load();
  for (const name of names) {
    const { port } = (await bench.server('ours', roles[name])).ready;
    await load.ask('open', 'echo', name, { port, connections: 10, inFlight: 100, bytes: 64 });
  }
  const { compare, of } = await paired(
    names,
    async (name) => withCpu(await bench.server('ours', roles[name]), () => load.ask('slice', name, 150)),
    bench.rounds(60),
  );
  for (const name of names) await load.ask('close', name);
  return {
    workload,
    against: 'a callback on our engine, without RxJS',
    ratio: compare('map', 'callback', rate),
    cpu: compare('map', 'callback', cpuRate),
    least: 0.92,
    rates: Object.fromEntries(names.map((name) => [name, of(name, rate).median])),
  };
}

export const rows = [{ workload, run }];
