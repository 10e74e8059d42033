// How a message stands on the wire.

const socketIo = {
  path: '/socket.io/?EIO=4&transport=websocket',
  /** Says that it is there, which is answered. */
  greeting: '40',
  message: (text) => `42["m",${text}]`,
};
const plain = { path: '/', greeting: undefined, message: (text) => text };

export const dialectOf = (name) => (name === 'socket.io' ? socketIo : plain);
