// The node that hears, and tells the one that publishes.
import { once } from 'node:events';
import { connect } from 'node:net';
import { answer } from '../answer.mjs';
import { STEP } from './publishing.mjs';
import { voice } from './voices.mjs';

const [name, how, bytes] = process.argv[2].split(' ');
const { hear } = await voice(name, how, Number(bytes));

answer(true, {
  hear: async (port) => {
    const socket = connect(port, '127.0.0.1').setNoDelay(true);
    await once(socket, 'connect');
    let count = 0;
    let length = 0;
    let isOn = false;
    await hear((message) => {
      if (!isOn) return;
      length += how === 'bare' ? message.length : message.text.length;
      if (++count % STEP === 0) socket.write('.');
    });
    isOn = true;
  },
});
