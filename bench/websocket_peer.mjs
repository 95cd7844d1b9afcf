// What our WebSocket is measured against: npm's `ws` with the same routes, in one process of Node.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
const room = new Set();
sockets.on('connection', (socket, { url }) => {
  if (url === '/ws') socket.on('message', (data, binary) => socket.send(data, { binary }));
  if (url !== '/ws/room') return;
  room.add(socket);
  socket.on('close', () => room.delete(socket));
  socket.on('message', (data, binary) => {
    for (const each of room) each.send(data, { binary });
  });
});
server.listen(0, '127.0.0.1', () => console.log(`ready http://127.0.0.1:${server.address().port}`));
