import { startBus } from './buses.mjs';
import { start } from './Side.mjs';

/** What a row is measured with: the load, and the processes under test, started when they are first asked for. */
export class Bench {
  #sides = new Map();
  #buses = new Map();
  #options;

  constructor(options) {
    this.#options = options;
  }

  get quick() {
    return this.#options.quick;
  }

  /** With the native add-on that `ws` loads where it is installed. */
  get bufferUtil() {
    return this.#options.bufferUtil;
  }

  /** How often is measured, and how often before that, so that the code is compiled. */
  rounds(rounds, warmUps = 3) {
    return { rounds: Math.min(rounds, this.quick ? 6 : this.#options.rounds), warmUps };
  }

  load() {
    return this.#side('load', () => start('load.mjs', '', { core: 1 }));
  }

  server(name, role) {
    return this.#side(`${name} ${role}`, () => this.#start(`servers/${name}.mjs`, role, name));
  }

  client(name) {
    return this.#side(`client ${name}`, () => this.#start(`clients/${name}.mjs`, '', name));
  }

  /** A server that carries messages between nodes; undefined where it is not installed. */
  bus(kind) {
    if (!this.#buses.has(kind)) this.#buses.set(kind, startBus(kind));
    return this.#buses.get(kind);
  }

  /** A node over the bus `url`. */
  node(file, role, url, core = 0) {
    const key = `${file} ${role}`;
    const name = role.includes('ours') ? 'ours' : '';
    return this.#side(key, () => this.#start(`nodes/${file}.mjs`, role, name, { core, BENCH_BUS: url }));
  }

  async end() {
    const sides = await Promise.all(this.#sides.values());
    this.#sides.clear();
    await Promise.all(sides.map((side) => side.stop()));
    const buses = await Promise.all(this.#buses.values());
    this.#buses.clear();
    await Promise.all(buses.map((bus) => bus?.stop()));
  }

  #start(file, role, name, { core, ...env } = {}) {
    const { bufferUtil, dist, profile } = this.#options;
    return start(file, role, {
      core,
      bufferUtil,
      profile: name === 'ours' ? profile : undefined,
      env: { ...env, ...(dist ? { RXJS_WS_DIST: dist } : {}) },
    });
  }

  #side(key, make) {
    if (!this.#sides.has(key)) this.#sides.set(key, make());
    return this.#sides.get(key);
  }
}

/** The CPU of `side` while `measure` runs, beside what it measured. */
export async function withCpu(side, measure) {
  const before = await side.ask('cpu');
  const sample = await measure();
  return { ...sample, cpuMs: ((await side.ask('cpu')) - before) / 1_000 };
}
