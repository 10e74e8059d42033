// Socket.IO: each text is an event with the text as its one argument.
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { answer } from '../answer.mjs';

const http = createServer();
const io = new Server(http, { transports: ['websocket'], pingInterval: 86_400_000, pingTimeout: 86_400_000 });
io.on('connection', (socket) => socket.on('m', (message) => socket.emit('m', message)));
http.listen(0, () => answer({ port: http.address().port }));
