import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from './ask.ts';
import { OwnServer, ownRedis } from './servers.ts';
import { until } from './until.ts';

/** A master, its replica, and a Sentinel that watches them under the name `main`. */
export class Sentinel {
  readonly servers: OwnServer[] = [ownRedis('--repl-diskless-sync-delay', '0')];
  private readonly watch = new OwnServer('redis-server', (port, folder) => {
    const file = join(folder, 'sentinel.conf');
    const lines = [
      ...[`port ${port}`, 'bind 127.0.0.1', `dir ${folder}`],
      `sentinel monitor main 127.0.0.1 ${this.servers[0]!.port} 1`,
      ...['sentinel down-after-milliseconds main 500', 'sentinel failover-timeout main 3000'],
    ];
    writeFileSync(file, lines.join('\n'));
    return [file, '--sentinel'];
  });

  get port(): number {
    return this.watch.port;
  }

  /** False where there is no server. */
  async start(): Promise<boolean> {
    const [master] = this.servers as [OwnServer];
    if (!(await master.start())) return false;
    const replica = ownRedis('--replicaof', `127.0.0.1 ${master.port}`);
    this.servers.push(replica);
    await replica.start();
    await until(async () =>
      String(await ask(replica.port, 'INFO', 'replication')).includes('master_link_status:up'),
    );
    await this.watch.start();
    await until(
      async () => ((await ask(this.port, 'SENTINEL', 'REPLICAS', 'main')) as unknown[]).length === 1,
    );
    return true;
  }

  async master(): Promise<OwnServer> {
    const [, port] = (await ask(this.port, 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'main')) as [
      string,
      string,
    ];
    return this.servers.find((server) => server.port === Number(port))!;
  }

  /** The replica takes over, whether the master lives or not. */
  async failOver(): Promise<void> {
    const before = await this.master();
    await until(() =>
      ask(this.port, 'SENTINEL', 'FAILOVER', 'main').then(
        () => true,
        () => false,
      ),
    );
    await until(async () => (await this.master()) !== before);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of [this.watch, ...this.servers]) await server[Symbol.asyncDispose]();
  }
}
