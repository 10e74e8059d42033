import { BusError } from '../../core/BusError.ts';
import { Layout } from './Layout.ts';
import type { RedisConnection } from './RedisConnection.ts';

/** Who has which slot, as a node of a cluster sees it. One that is cut off from the others does not know. */
export async function askCluster(connection: RedisConnection, host: string): Promise<Layout> {
  const [slots] = await Promise.all([connection.command(['CLUSTER', 'SLOTS']), checkMember(connection)]);
  return Layout.parse(slots, host);
}

/** Whether a node of a cluster takes commands. */
export async function checkMember(connection: RedisConnection): Promise<void> {
  const info = await connection.command(['CLUSTER', 'INFO']);
  if (!String(info).includes('cluster_state:ok')) throw new BusError('CLUSTERDOWN The cluster is down');
}

/** Who is the master, as a Sentinel sees it. */
export async function askSentinel(connection: RedisConnection, name: string): Promise<Layout> {
  const reply = await connection.command(['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name]);
  if (reply === null) throw new BusError(`the Sentinel knows no master ${JSON.stringify(name)}`);
  const [host, port] = reply as [Uint8Array, Uint8Array];
  return Layout.of(`${String(host)}:${String(port)}`);
}

/** Whether it is the master: a Sentinel may not have said yet that it is no more. */
export async function checkMaster(connection: RedisConnection): Promise<void> {
  const [role] = (await connection.command(['ROLE'])) as [Uint8Array];
  if (String(role) !== 'master') throw new BusError(`READONLY It is a ${String(role)}`);
}
