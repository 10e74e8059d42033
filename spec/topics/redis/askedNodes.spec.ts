import { Buffer } from 'node:buffer';
import { expect, it } from '@jest/globals';
import { askCluster, askSentinel, checkMaster } from '../../../src/topics/redis/askedNodes.ts';
import { FakeConnection } from './FakeConnection.ts';

it('asks a node of a cluster who has which slot, unless it is cut off', async () => {
  const node = new FakeConnection();
  node.answers = {
    'CLUSTER SLOTS': [[0, 16_383, [null, 7]]],
    'CLUSTER INFO': Buffer.from('cluster_state:ok\r\n'),
  };
  expect((await askCluster(node, 'host')).masters).toEqual(['host:7']);
  node.answers['CLUSTER INFO'] = Buffer.from('cluster_state:fail\r\n');
  await expect(askCluster(node, 'host')).rejects.toMatchObject({ code: 'BUS' });
});

it('asks a Sentinel who is the master, and that whether it is', async () => {
  const node = new FakeConnection();
  const asked = 'SENTINEL GET-MASTER-ADDR-BY-NAME main';
  node.answers = { [asked]: [Buffer.from('host'), Buffer.from('7')], ROLE: [Buffer.from('master')] };
  expect((await askSentinel(node, 'main')).masters).toEqual(['host:7']);
  await checkMaster(node);
  node.answers = { [asked]: [], ROLE: [Buffer.from('slave')] };
  await expect(checkMaster(node)).rejects.toThrow('READONLY');
});
