// Asks the chat from a terminal and prints the answers as they come.
//
//   node ask.mjs URL TOKEN QUESTION...
import { randomUUID } from 'node:crypto';
import { on, once } from 'node:events';
import { WebSocket } from 'ws';

const [url, token, ...questions] = process.argv.slice(2);
const conversationId = randomUUID();

function giveUp(why) {
  console.error(`\n${why}`);
  process.exit(1);
}

const opening = performance.now();
const socket = new WebSocket(`${url}?token=${token}`);
socket.on('error', ({ message }) => giveUp(`No connection: ${message}`));
await once(socket, 'open');
console.log(`\nConnected after ${Math.round(performance.now() - opening)} ms.`);

for (const question of questions) {
  console.log(`\n? ${question}`);
  process.stdout.write('  ');
  const messages = on(socket, 'message', { close: ['close'] });
  const began = performance.now();
  socket.send(JSON.stringify({ action: 'ask', conversationId, id: randomUUID(), text: question }));
  let first, ended, parts = 0;
  for await (const [data] of messages) {
    const { type, text, message } = JSON.parse(data);
    if (type === 'error' || !type) giveUp(message);
    if (text) {
      first ??= performance.now();
      ++parts;
      process.stdout.write(text.replaceAll('\n', '\n  '));
    }
    if (type === 'done') {
      ended = performance.now();
      break;
    }
  }
  if (!ended) giveUp('The connection ended.');
  console.log(`\n  [the first token after ${Math.round(first - began)} ms, all of it in ${parts} messages after ${Math.round(ended - began)} ms]`);
}
socket.close();
