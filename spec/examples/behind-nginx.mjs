import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { addressOf, peer } from './peer.mjs';
import { freePort } from '../package/freePort.mjs';

/** Where Debian has it, which is not in everybody's path. */
const NGINX = existsSync('/usr/sbin/nginx') ? '/usr/sbin/nginx' : 'nginx';
/** The proxy cuts what is idle for so long. */
const IDLE_S = 1;

const hasNginx = () => {
  try {
    execFileSync(NGINX, ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

const config = (folder, port, upstream) => `
daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
events { }
http {
  access_log off;
  client_body_temp_path ${folder}/a; proxy_temp_path ${folder}/b; fastcgi_temp_path ${folder}/c;
  uwsgi_temp_path ${folder}/d; scgi_temp_path ${folder}/e;
  map $http_upgrade $connection_upgrade { default upgrade; '' close; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://127.0.0.1:${upstream};
      proxy_http_version 1.1;
      proxy_set_header Host $host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_set_header X-Real-IP $remote_addr;
      proxy_read_timeout ${IDLE_S}s;
      proxy_send_timeout ${IDLE_S}s;
    }
  }
}
`;

/** nginx in front of `upstream`. */
async function proxy(upstream) {
  const folder = mkdtempSync(join(tmpdir(), 'nginx-'));
  const port = await freePort();
  writeFileSync(join(folder, 'nginx.conf'), config(folder, port, upstream));
  const child = spawn(
    'nginx',
    ['-p', folder, '-e', join(folder, 'error.log'), '-c', join(folder, 'nginx.conf')],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const exited = once(child, 'exit');
  for (let isUp = false; !isUp; await later(20)) {
    const socket = connect(port, '127.0.0.1');
    isUp = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
  }
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: `ws://127.0.0.1:${port}`, stop };
}

export default async ({ start }) => {
  const kept = start({ env: { PORT: '0', PING_MS: '300' } });
  const silent = start({ env: { PORT: '0', PING_MS: '60000' } });
  const ports = await Promise.all([kept, silent].map(async (one) => new URL(await addressOf(one)).port));
  if (!hasNginx()) {
    // What is installed there is not ours to choose.
    assert.ok(!process.env.CI, 'nginx is not installed (Debian: apt-get install nginx-light)');
    console.log('skip   behind-nginx: nginx is not installed (Debian: apt-get install nginx-light)');
    return;
  }
  const proxies = await Promise.all(ports.map(proxy));
  try {
    const [held, cut] = await Promise.all(proxies.map(({ url }) => peer(url)));
    held.send('hello');
    assert.equal(await held.next(), 'HELLO');
    // The control: without pings in time the proxy ends it.
    assert.equal((await cut.closed).code, 1006);
    await silent.line('closed 1006');
    await later(IDLE_S * 2_500);
    held.send('still here');
    assert.equal(await held.next(), 'STILL HERE');

    // The proxy says whose a socket is, and the page has the name that the proxy is known by.
    const { url } = proxies[0];
    const others = await Promise.all(
      Array.from({ length: 19 }, () => peer(url, { origin: 'https://app.example' })),
    );
    await assert.rejects(peer(url), /503/);
    others[0].socket.close();
    await others[0].closed;
    await kept.line('closed 1005');
    (await peer(url)).socket.terminate();
    await assert.rejects(peer(url, { origin: 'https://evil.example' }), /403/);
    for (const { socket } of [held, ...others]) socket.terminate();
  } finally {
    await Promise.all(proxies.map(({ stop }) => stop()));
  }
};
