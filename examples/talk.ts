// A terminal for any WebSocket server: npm run talk -- ws://localhost:8080
import { ConnectionClosedError, HandshakeError, dial } from 'rxjs-ws';
import { createInterface } from 'node:readline';

try {
  await using connection = await dial(process.argv[2] ?? 'ws://localhost:8080');
  const lines = createInterface({ input: process.stdin });
  // The answers to the last lines may still be on their way when the input ends.
  lines.on('line', connection.send).on('close', () => setTimeout(() => connection.close(), 500));
  connection.closed.subscribe(() => lines.close());
  for await (const message of connection) console.log(message);
} catch (error) {
  if (error instanceof HandshakeError) console.error(`refused: ${error.message} ${error.body}`);
  else if (error instanceof ConnectionClosedError) console.error(error.message);
  else throw error;
  process.exitCode = 1;
}
