// Stands in for a model server of OpenAI's API, for the rows of bench/chat.py: says as its first token what time it is by the monotonic clock,
// which all processes of the machine share, and then six tokens more, 20 a second.
import { createServer } from 'node:http';
import { setTimeout } from 'node:timers/promises';

const firstMs = 150; // from the question to the first token: whatever was done for the question itself is over by then
const tokenMs = 50;

createServer(async (request, response) => {
  for await (const _ of request); // the question
  const send = (data) => response.write(`data: ${data}\n\n`);
  const choice = (delta, finish_reason = null) => send(JSON.stringify({ object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] }));
  response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
  await setTimeout(firstMs);
  choice({ role: 'assistant', content: `first:${process.hrtime.bigint()};` });
  for (let token = 0; token < 6; ++token) {
    await setTimeout(tokenMs);
    choice({ content: ' rock' });
  }
  choice({}, 'stop');
  send('[DONE]');
  response.end();
}).listen(0, '127.0.0.1', function () {
  console.log(`ready http://127.0.0.1:${this.address().port}`);
});
