// Bun's own server, which is native code.
import { answer } from '../answer.mjs';

const server = Bun.serve({
  port: 0,
  fetch: (request, bun) => (bun.upgrade(request) ? undefined : new Response('', { status: 426 })),
  websocket: {
    idleTimeout: 0,
    message: (ws, message) => void ws.send(message),
  },
});
answer({ port: server.port });
