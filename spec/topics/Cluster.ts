import { ask } from './ask.ts';
import { OwnServer, redisArguments } from './servers.ts';
import { until } from './until.ts';

/** A server process of a cluster. */
const member = (): OwnServer =>
  new OwnServer('redis-server', (port, folder, bus) => [
    ...redisArguments(port, folder),
    ...['--cluster-enabled', 'yes', '--cluster-port', String(bus), '--cluster-node-timeout', '2000'],
    ...['--cluster-allow-replica-migration', 'no', '--repl-diskless-sync-delay', '0'],
  ]);

/** Three masters, and what is added to them. */
export class Cluster {
  readonly nodes: OwnServer[] = [member(), member(), member()];

  get ports(): number[] {
    return this.nodes.map(({ port }) => port);
  }

  /** False where there is no server. */
  async start(): Promise<boolean> {
    const started = await Promise.all(this.nodes.map((node) => node.start()));
    if (started.includes(false)) return false;
    const [first] = this.nodes as [OwnServer];
    for (const [at, { port, monitor }] of this.nodes.entries()) {
      await ask(port, 'CLUSTER', 'ADDSLOTSRANGE', at * 5_462, Math.min((at + 1) * 5_462, 16_384) - 1);
      if (at > 0) await ask(first.port, 'CLUSTER', 'MEET', '127.0.0.1', port, monitor);
    }
    await this.agree();
    return true;
  }

  /** A replica of one of them. */
  async addReplica(of: number): Promise<OwnServer> {
    const [first] = this.nodes as [OwnServer];
    const replica = member();
    await replica.start();
    this.nodes.push(replica);
    await ask(first.port, 'CLUSTER', 'MEET', '127.0.0.1', replica.port, replica.monitor);
    const id = await this.idOf(of);
    await until(async () => String(await ask(replica.port, 'CLUSTER', 'NODES')).includes(id));
    await ask(replica.port, 'CLUSTER', 'REPLICATE', id);
    await this.hasReplica(of, this.nodes.length - 1);
    return replica;
  }

  /** All of them know it, and it is up to date. */
  async hasReplica(master: number, replica: number): Promise<void> {
    const [port, of] = [this.ports[replica]!, this.ports[master]!];
    await until(async () => {
      const info = String(await ask(port, 'INFO', 'replication').catch(() => ''));
      return info.includes('master_link_status:up') && info.includes(`master_port:${of}`);
    });
    await this.agree();
  }

  /** Which of them has the slot. */
  async ownerOf(slot: number): Promise<number> {
    const slots = (await ask(this.ports[0]!, 'CLUSTER', 'SLOTS')) as [number, number, [string, number]][];
    const [, , [, port]] = slots.find(([from, to]) => from <= slot && slot <= to)!;
    return this.ports.indexOf(port);
  }

  async slotOf(key: string): Promise<number> {
    return Number(await ask(this.ports[0]!, 'CLUSTER', 'KEYSLOT', key));
  }

  /** As `redis-cli --cluster reshard` does; `meanwhile` while its keys have moved, and it has not. */
  async move(slot: number, to: number, meanwhile: () => Promise<unknown> = () => Promise.resolve()) {
    const from = await this.ownerOf(slot);
    const [source, target] = [this.ports[from]!, this.ports[to]!];
    const [fromId, toId] = [await this.idOf(from), await this.idOf(to)];
    await ask(target, 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId);
    await ask(source, 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId);
    const keys = (await ask(source, 'CLUSTER', 'GETKEYSINSLOT', slot, 1_000)) as string[];
    for (const key of keys) await ask(source, 'MIGRATE', '127.0.0.1', target, key, 0, 5_000);
    await meanwhile();
    await ask(target, 'CLUSTER', 'SETSLOT', slot, 'NODE', toId);
    await ask(source, 'CLUSTER', 'SETSLOT', slot, 'NODE', toId);
    for (const [at, port] of this.ports.entries())
      if (at !== to && at !== from) await ask(port, 'CLUSTER', 'SETSLOT', slot, 'NODE', toId).catch(() => 0);
  }

  /** All of them know each other, are connected, and well. */
  private async agree(): Promise<void> {
    for (const port of this.ports)
      await until(async () => {
        const [info, nodes] = [
          await ask(port, 'CLUSTER', 'INFO'),
          String(await ask(port, 'CLUSTER', 'NODES')),
        ];
        if (!String(info).includes('cluster_state:ok') || /handshake|fail|disconnected/.test(nodes))
          return false;
        return this.ports.every((other) => nodes.includes(`:${other}@`));
      });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.nodes) await node[Symbol.asyncDispose]();
  }

  private async idOf(at: number): Promise<string> {
    return String(await ask(this.ports[at]!, 'CLUSTER', 'MYID'));
  }
}
