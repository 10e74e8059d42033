// Ten connections with a hundred messages under way on each: what batching is for.
import { withCpu } from '../Bench.mjs';
import { cpuRate, paired, rate } from '../paired.mjs';

const shape = { connections: 10, inFlight: 100 };

/** One row: our `handle`, a callback over `ws`, and others beside it. */
async function echo(bench, { bytes, role = 'echo', others = [], target, workload }) {
  const names = ['ours', 'ws', ...others];
  const load = await bench.load();
  for (const name of names) {
    const { port } = (await bench.server(name, role)).ready;
    await load.ask('open', 'echo', name, { ...shape, port, bytes, dialect: name, tls: role === 'tls' });
  }
  const { compare, of } = await paired(
    names,
    async (name) => withCpu(await bench.server(name, role), () => load.ask('slice', name, 150)),
    bench.rounds(40),
  );
  for (const name of names) await load.ask('close', name);
  return {
    workload,
    against: '`ws` callback',
    ratio: compare('ours', 'ws', rate),
    cpu: compare('ours', 'ws', cpuRate),
    least: bench.bufferUtil ? (target.withBufferUtil ?? target.least) : target.least,
    rates: Object.fromEntries(names.map((name) => [name, of(name, rate).median])),
    beside: Object.fromEntries(others.map((name) => [name, compare(name, 'ws', rate)])),
  };
}

const size = (bytes) => (bytes < 1_024 ? `${bytes} B` : `${bytes / 1_024} KiB`);
const plain = (bytes, target, others = ['bun']) => {
  const workload = `echo, 10 × 100 in flight, ${size(bytes)}`;
  return {
    workload,
    bufferUtilToo: true,
    run: (bench) =>
      echo(bench, { bytes, target, workload, others: bench.quick ? (bytes === 64 ? ['bun'] : []) : others }),
  };
};

export const rows = [
  plain(16, { least: 7 }),
  plain(64, { least: 7 }, ['bun', 'ws-rx', 'socket.io']),
  plain(512, { least: 4, withBufferUtil: 5 }),
  plain(4_096, { least: 1.7, withBufferUtil: 2.2 }),
  {
    workload: 'the same over TLS, 64 B',
    bufferUtilToo: true,
    run: (bench) =>
      echo(bench, { bytes: 64, role: 'tls', target: { least: 1.5 }, workload: 'the same over TLS, 64 B' }),
  },
];
