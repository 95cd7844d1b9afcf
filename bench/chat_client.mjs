// Pages of the chat (examples/chat) whose model is chat_model.mjs: they ask one question after another each, every one in a conversation of its own,
// and begin one after another, so that their answers overlap without beginning at one time. Prints, as JSON, how long after the model said them its
// first tokens came, in microseconds.
//
//   node chat_client.mjs URL TOKEN PAGES QUESTIONS      so many questions in all
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { WebSocket } from 'ws';

const [url, token, pages, questions] = process.argv.slice(2);
const answerMs = 500; // about; pages begin within that time
const tookUs = [];
let left = Number(questions);

function hear(data) {
  const now = process.hrtime.bigint();
  const { type, text, message } = JSON.parse(data);
  if (!type || type === 'error') throw new Error(message);
  const said = type === 'delta' && /first:(\d+);/.exec(text);
  if (said) tookUs.push(Number(now - BigInt(said[1])) / 1000);
  return type;
}

async function page(_, at) {
  const socket = new WebSocket(`${url}?token=${token}`);
  await once(socket, 'open');
  const ask = () => socket.send(JSON.stringify({ action: 'ask', conversationId: randomUUID(), id: randomUUID(), text: 'What is a virtual package?' }));
  const next = () => (left-- > 0 ? ask() : socket.close());
  socket.on('message', (data) => {
    if (hear(data) === 'done') next();
  });
  await setTimeout((at * answerMs) / Number(pages));
  next();
  await once(socket, 'close');
}

await Promise.all(Array.from({ length: Number(pages) }, page));
if (tookUs.length !== Number(questions)) throw new Error(`${tookUs.length} first tokens came of ${questions}`);
console.log(JSON.stringify(tookUs));
