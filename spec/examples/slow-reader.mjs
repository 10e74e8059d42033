import assert from 'node:assert/strict';

export default async ({ start }) => {
  const example = start();
  const line = async (policy) => {
    const found = await example.line(new RegExp(`^${policy}: .*`, 'm'));
    return { found, dropped: Number(/(\d+) dropped/.exec(found)[1]) };
  };
  const policies = ['close', 'error', 'dropOldest', 'dropNewest', 'latest', 'conflateBy'];
  const [close, error, ...dropping] = await Promise.all(policies.map(line));
  assert.match(close.found, /closed by the peer with 1013/);
  assert.match(error.found, /closed by the peer with 1011/);
  for (const { found, dropped } of dropping) {
    assert.match(found, /still open/);
    assert.ok(dropped > 0, found);
  }
  await example.exited;
};
