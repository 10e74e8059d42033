/** As `ws` is told to send much: while little is buffered, and on when that has been written. */
export function sendTimes(ws, count, message, done) {
  let sent = 0;
  const turn = () => {
    while (sent < count && ws.bufferedAmount < 65_536) {
      ws.send(message);
      sent++;
    }
    if (sent < count) setImmediate(turn);
    else done();
  };
  turn();
}
