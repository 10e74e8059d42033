import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Begins all names that this file of specs makes on a server: others run beside it. */
export const ownNames = `rxjs-ws-spec-${randomBytes(4).toString('hex')}-`;

/** A prefix that nobody has. */
export const freshPrefix = (): string => ownNames + randomBytes(4).toString('hex');

const children = new Set<ChildProcess>();
process.once('exit', () => children.forEach((child) => child.kill('SIGKILL')));

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A server process of one spec file, which may be killed and started again on the same port. */
export class OwnServer {
  port = 0;
  /** Where it may tell of itself. */
  monitor = 0;
  private readonly command: string;
  private readonly args: (port: number, folder: string, monitor: number) => string[];
  private readonly folder = mkdtempSync(join(tmpdir(), 'rxjs-ws-bus-'));
  private child: ChildProcess | undefined;

  constructor(command: string, args: (port: number, folder: string, monitor: number) => string[]) {
    this.command = command;
    this.args = args;
  }

  /** False where the command does not exist. */
  async start(): Promise<boolean> {
    this.port ||= await freePort();
    this.monitor ||= await freePort();
    const args = this.args(this.port, this.folder, this.monitor);
    const child = spawn(this.command, args, { stdio: 'ignore' });
    this.child = child;
    let isThere = true;
    child.on('error', () => (isThere = false));
    children.add(child);
    // A server tells that it listens by listening.
    for (let i = 0; isThere && i < 500; i++) {
      if (await answers(this.port)) return true;
      await wait(10);
    }
    return false;
  }

  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    children.delete(child);
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  /** It does not answer, until `go`. */
  stop(): void {
    this.child?.kill('SIGSTOP');
  }

  go(): void {
    this.child?.kill('SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Of any Redis: it keeps nothing. */
export const redisArguments = (port: number, folder: string): string[] => [
  ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'],
];

export const ownRedis = (...more: string[]): OwnServer =>
  new OwnServer('redis-server', (port, folder) => [...redisArguments(port, folder), ...more]);

/** `more` is told where its folder is. */
export const ownNats = (more?: (folder: string) => string[]): OwnServer =>
  new OwnServer('nats-server', (port, folder, monitor) => [
    ...['-a', '127.0.0.1', '-p', String(port), '-m', String(monitor), '-js', '-sd', folder],
    ...(more?.(folder) ?? []),
  ]);

/** Where a server answers: the one that runs on `port`, or one that was started. */
export interface Found extends AsyncDisposable {
  readonly port: number;
}

/** Undefined where there is none; that is said, and in CI an error. */
export async function serverAt(port: number, own: OwnServer, name: string): Promise<Found | undefined> {
  if (await answers(port)) {
    await own[Symbol.asyncDispose]();
    return { port, [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  if (await own.start()) return own;
  await own[Symbol.asyncDispose]();
  const what = `there is no ${name}: neither on port ${port} nor in the path`;
  if (process.env['CI']) throw new Error(what);
  process.stderr.write(`skipped: ${what}\n`);
  return undefined;
}
