// The node that hears, and tells the one that publishes.
import { once } from 'node:events';
import { connect } from 'node:net';
import { answer } from '../answer.mjs';
import { STEP } from './publishing.mjs';
import { voice } from './voices.mjs';

const { hear, lengthOf } = await voice();

answer(true, {
  hear: async (port) => {
    const socket = connect(port, '127.0.0.1').setNoDelay(true);
    await once(socket, 'connect');
    let count = 0;
    let length = 0;
    await hear((message) => {
      length += lengthOf(message);
      if (++count % STEP === 0) socket.write('.');
    });
  },
});
