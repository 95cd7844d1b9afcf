// The OpenAI-compatible routes through the official client of that API for Node: the embedded model, and a model server that a stand-in plays
// and that says what each test wants said, when it wants.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join, resolve as absolute } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import OpenAI from 'openai';
import { bedrock } from 'openai/providers/bedrock/aws';
import { Outcrop, refusal } from '../support/outcrop.mjs';

const root = absolute(dirname(fileURLToPath(import.meta.url)), '../..');
const model = 'openai.gpt-oss-20b-1:0'; // answered by the embedded model
const served = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'; // a profile; the stand-in answers for its model
const handbook =
  'The archive opens at nine. Visitors leave coats and bags in the cloakroom. The reading room holds forty readers. ' +
  'Photographs may be taken without a flash. Copies cost two crowns a page. The archive closes at five.';
const question = {
  model,
  messages: [
    { role: 'system', content: handbook },
    { role: 'user', content: 'How much do copies cost?' },
  ],
};

// `answer(request, body, response)` is the model server; tests set it.
let standIn, answer, folder, outcrop, openai;
before(async () => {
  standIn = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    answer(request, JSON.parse(body), response);
  });
  await new Promise((resolve) => standIn.listen(0, '127.0.0.1', resolve));
  folder = await mkdtemp(join(tmpdir(), 'outcrop-openai-'));
  const config = join(folder, 'outcrop.yaml');
  const url = `http://127.0.0.1:${standIn.address().port}/v1`;
  await writeFile(config, `models: [{match: "anthropic.*", provider: openai, url: "${url}", served_model: qwen3}]\n`, { mode: 0o600 });
  outcrop = await Outcrop.start('--clock', 'manual', '--config', config);
  openai = client('/openai/v1');
});
after(async () => {
  assert.equal(await outcrop.stop(), 0, outcrop.log);
  standIn.closeAllConnections();
  await new Promise((resolve) => standIn.close(resolve));
  await rm(folder, { recursive: true });
});
beforeEach(() => (answer = (request, body, response) => response.writeHead(500).end()));

const client = (path, more) => new OpenAI({ baseURL: `${outcrop.endpoint}${path}`, apiKey: 'any', maxRetries: 0, ...more });
const send = (response, chunk) => response.write(`data: ${typeof chunk === 'string' ? chunk : JSON.stringify(chunk)}\n\n`);
const delta = (delta, finish_reason = null) => ({ object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] });
const gate = () => {
  let open;
  const opened = new Promise((resolve) => (open = resolve));
  return { open, opened };
};

test('a completion quotes what answers the question', async () => {
  const completion = await openai.chat.completions.create(question);
  assert.match(completion.id, /^chatcmpl-/);
  assert.equal(completion.object, 'chat.completion');
  assert.equal(completion.model, model);
  const [choice] = completion.choices;
  assert.equal(choice.message.role, 'assistant');
  assert.match(choice.message.content, /Copies cost two crowns a page\./);
  assert.equal(choice.finish_reason, 'stop');
  const { prompt_tokens, completion_tokens, total_tokens, prompt_tokens_details } = completion.usage;
  assert.ok(prompt_tokens > 20 && completion_tokens > 4);
  assert.equal(total_tokens, prompt_tokens + completion_tokens);
  assert.equal(prompt_tokens_details.cached_tokens, 0);
  assert.match(completion._request_id, /^[0-9a-f-]{36}$/);
});

test('both base URLs and ids without a version stand for the same', async () => {
  const completion = await client('/v1').chat.completions.create({ ...question, model: 'openai.gpt-oss-20b' });
  assert.equal(completion.model, 'openai.gpt-oss-20b');
  assert.match(completion.choices[0].message.content, /two crowns/);
});

test('a stream says the same piece by piece, and its usage when it is asked for', async () => {
  const whole = await openai.chat.completions.create(question);
  const stream = await openai.chat.completions.create({ ...question, stream: true, stream_options: { include_usage: true } });
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  assert.equal(chunks[0].choices[0].delta.role, 'assistant');
  assert.equal(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join(''), whole.choices[0].message.content);
  assert.ok(chunks.length > 5);
  assert.equal(new Set(chunks.map((chunk) => chunk.id)).size, 1);
  assert.equal(chunks.at(-2).choices[0].finish_reason, 'stop');
  assert.deepEqual(chunks.at(-1).choices, []);
  assert.deepEqual(chunks.at(-1).usage, whole.usage);
});

test('max_tokens and stop end an answer and say so', async () => {
  const short = await openai.chat.completions.create({ ...question, max_completion_tokens: 2 });
  assert.equal(short.choices[0].finish_reason, 'length');
  assert.equal(short.usage.completion_tokens, 2);
  const stopped = await openai.chat.completions.create({ ...question, stop: 'crowns' });
  assert.equal(stopped.choices[0].finish_reason, 'stop');
  assert.doesNotMatch(stopped.choices[0].message.content, /crowns/);
});

const tools = [
  {
    type: 'function',
    function: {
      name: 'get_weather',
      description: 'Gives the weather of a city',
      parameters: { type: 'object', properties: { city: { type: 'string', description: 'the city' } }, required: ['city'] },
    },
  },
];
const weather = [{ role: 'user', content: 'What is the weather in the city of Lisbon?' }];

test('a tool is called, and its result is answered from', async () => {
  const called = await openai.chat.completions.create({ model, messages: weather, tools });
  const { message, finish_reason } = called.choices[0];
  assert.equal(finish_reason, 'tool_calls');
  assert.equal(message.content, null);
  const [call] = message.tool_calls;
  assert.equal(call.function.name, 'get_weather');
  assert.match(JSON.parse(call.function.arguments).city, /Lisbon/);
  const result = { role: 'tool', tool_call_id: call.id, content: 'The weather in Lisbon is sunny with 24 degrees.' };
  const answered = await openai.chat.completions.create({ model, messages: [...weather, message, result], tools });
  assert.match(answered.choices[0].message.content, /sunny with 24 degrees/);
});

test('the library puts a streamed tool call together and runs the tool', async () => {
  const runner = openai.chat.completions.runTools({
    model,
    stream: true,
    messages: weather,
    tools: [
      {
        type: 'function',
        function: { ...tools[0].function, parse: JSON.parse, function: ({ city }) => `The weather in ${city} is rainy with 12 degrees.` },
      },
    ],
  });
  assert.match(await runner.finalContent(), /rainy with 12 degrees/);
});

test('a JSON schema is filled from the text', async () => {
  const properties = { orderId: { type: 'string' }, total: { type: 'number' }, paid: { type: 'boolean' } };
  const json_schema = { name: 'order', strict: true, schema: { type: 'object', properties, required: Object.keys(properties) } };
  const messages = [{ role: 'user', content: 'Order ID: A-17\nTotal: 1,250.50 EUR\nPaid: yes' }];
  const parsed = await openai.chat.completions.parse({ model, messages, response_format: { type: 'json_schema', json_schema } });
  assert.deepEqual(parsed.choices[0].message.parsed, { orderId: 'A-17', total: 1250.5, paid: true });
});

test('JSON without a schema is an object', async () => {
  const completion = await openai.chat.completions.create({ ...question, response_format: { type: 'json_object' } });
  assert.match(JSON.parse(completion.choices[0].message.content).answer, /two crowns/);
});

test('models are listed and described', async () => {
  const ids = [];
  for await (const entry of client('/v1').models.list()) ids.push(entry.id);
  for (const id of [model, served, 'amazon.nova-lite-v1:0']) assert.ok(ids.includes(id), id);
  assert.ok(!ids.includes('amazon.titan-embed-text-v2:0'));
  const described = await openai.models.retrieve(model);
  assert.deepEqual([described.id, described.object, described.owned_by], [model, 'model', 'OpenAI']);
});

test('what is wrong is said as the library expects it', async () => {
  const cases = [
    [{ ...question, model: 'gpt-4o' }, OpenAI.NotFoundError, 404, /The model 'gpt-4o' does not exist/],
    [{ ...question, n: 2 }, OpenAI.BadRequestError, 400, /n: 2/],
    [{ ...question, logprobs: true }, OpenAI.BadRequestError, 400, /logprobs: is not supported/],
    [{ ...question, max_tokens: 10_000_000 }, OpenAI.BadRequestError, 400, /max_tokens is too large/],
    [{ ...question, service_tier: 'reserved' }, OpenAI.BadRequestError, 400, /service tier reserved/],
  ];
  for (const [input, type, status, words] of cases) {
    for (const stream of [false, true]) {
      const error = await refusal(openai.chat.completions.create({ ...input, stream }));
      assert.ok(error instanceof type, `${error}`);
      assert.equal(error.status, status);
      assert.match(error.message, words);
      assert.equal(error.type, 'invalid_request_error');
    }
  }
  const responses = await refusal(openai.responses.create({ model, input: 'Hello' }));
  assert.equal(responses.status, 404);
  assert.match(responses.message, /does not have POST \/openai\/v1\/responses/);
});

test('requests beyond the quota of a minute are throttled, and let through a minute later', async () => {
  const input = { ...question, model: 'ai21.jamba-1-5-mini-v1:0' };
  let throttled;
  let passed = 0;
  while (!throttled && passed < 1000) throttled = await openai.chat.completions.create(input).then(() => void passed++, (error) => error);
  assert.ok(throttled instanceof OpenAI.RateLimitError, `${throttled}`);
  assert.equal(passed, 100);
  assert.match(throttled.message, /Too many requests, please wait before trying again\./);
  await outcrop.admin('clock/advance', { seconds: 60 });
  await openai.chat.completions.create(input);
});

test('an injected fault of InvokeModel is one of a completion', async () => {
  await outcrop.admin('faults', { service: 'bedrock-runtime', operation: 'InvokeModel', error: 'ServiceUnavailableException', count: 1 });
  const error = await refusal(openai.chat.completions.create(question));
  assert.ok(error instanceof OpenAI.InternalServerError, `${error}`);
  await outcrop.admin('faults', undefined, 'DELETE');
});

test('a model server is asked what the client asked, and each token is passed on before it makes the next', async () => {
  const words = ['One', ' by', ' one', '.'];
  const gates = words.map(gate);
  let asked;
  answer = async (request, body, response) => {
    asked = body;
    response.setHeader('content-type', 'text/event-stream');
    for (const [i, word] of words.entries()) {
      send(response, delta({ content: word }));
      await gates[i].opened; // by the test, when it has this token
    }
    send(response, delta({}, 'stop'));
    send(response, { choices: [], usage: { prompt_tokens: 9, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 2 } } });
    send(response, '[DONE]');
    response.end();
  };
  const stream = await openai.chat.completions.create({
    model: served,
    messages: [{ role: 'developer', content: 'Count.' }, { role: 'user', content: [{ type: 'text', text: 'Go' }] }],
    seed: 7,
    reasoning_effort: 'low',
    temperature: 0.5,
    stream: true,
    stream_options: { include_usage: true },
  });
  const heard = [];
  let usage;
  for await (const chunk of stream) {
    const text = chunk.choices[0]?.delta.content;
    if (text) gates[heard.push(text) - 1].open();
    usage ??= chunk.usage;
  }
  assert.deepEqual(heard, words);
  assert.deepEqual(usage, { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13, prompt_tokens_details: { cached_tokens: 2 } });
  assert.deepEqual([asked.model, asked.seed, asked.reasoning_effort, asked.temperature], ['qwen3', 7, 'low', 0.5]);
  assert.deepEqual(asked.messages, [{ role: 'system', content: 'Count.' }, { role: 'user', content: 'Go' }]);
});

test('two tool calls of a model server come in pieces, each under its index', async () => {
  answer = (request, body, response) => {
    assert.equal(body.parallel_tool_calls, true);
    response.setHeader('content-type', 'text/event-stream');
    for (const [index, city] of ['Lisbon', 'Oslo'].entries()) {
      send(response, delta({ tool_calls: [{ index, id: `call_${index}`, type: 'function', function: { name: 'get_weather', arguments: '{"city":' } }] }));
      send(response, delta({ tool_calls: [{ index, function: { arguments: `"${city}"}` } }] }));
    }
    send(response, delta({}, 'tool_calls'));
    send(response, '[DONE]');
    response.end();
  };
  const stream = openai.chat.completions.stream({ model: served, messages: weather, tools, parallel_tool_calls: true });
  const { message, finish_reason } = (await stream.finalChatCompletion()).choices[0];
  assert.equal(finish_reason, 'tool_calls');
  assert.deepEqual(message.tool_calls.map((call) => [call.id, JSON.parse(call.function.arguments).city]), [['call_0', 'Lisbon'], ['call_1', 'Oslo']]);
});

test('a stream that dies ends with an error after what was said', async () => {
  answer = (request, body, response) => {
    response.setHeader('content-type', 'text/event-stream');
    send(response, delta({ content: 'Once upon' }));
    response.end();
  };
  const stream = await openai.chat.completions.create({ ...question, model: served, stream: true });
  let said = '';
  const read = async () => {
    for await (const chunk of stream) said += chunk.choices[0]?.delta.content ?? '';
  };
  await assert.rejects(read, (error) => error instanceof OpenAI.APIError && error.code === 'ModelStreamErrorException');
  assert.equal(said, 'Once upon');
});

test('a caller who goes is seen by the model server, and the stream is over here', async () => {
  const closed = gate();
  answer = (request, body, response) => {
    response.setHeader('content-type', 'text/event-stream');
    send(response, delta({ content: 'Once upon' }));
    response.on('close', closed.open);
  };
  const stream = await openai.chat.completions.create({ ...question, model: served, stream: true });
  for await (const chunk of stream) if (chunk.choices[0].delta.content) break; // which aborts the request
  await closed.opened;
  await outcrop.until(/outcrop_errors_total\{service="bedrock-runtime",operation="InvokeModelWithResponseStream",code="ConnectionClosed"\} 1/);
});

test('over TLS, with NODE_EXTRA_CA_CERTS', async () => {
  const authority = join(folder, 'ca.pem');
  await writeFile(authority, await (await fetch(`${outcrop.endpoint}/_outcrop/ca`)).text());
  const script = `
    import OpenAI from 'openai';
    const openai = new OpenAI({ baseURL: process.argv[1], apiKey: 'any', maxRetries: 0 });
    const question = JSON.parse(process.argv[2]);
    const whole = (await openai.chat.completions.create(question)).choices[0].message.content;
    let streamed = '';
    for await (const chunk of await openai.chat.completions.create({ ...question, stream: true })) streamed += chunk.choices[0].delta.content ?? '';
    console.log(streamed === whole, whole);`;
  const url = `${outcrop.endpoint.replace('http:', 'https:')}/openai/v1`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, url, JSON.stringify(question)], {
    cwd: root,
    env: { ...process.env, NODE_EXTRA_CA_CERTS: authority },
  });
  assert.match(stdout, /^true .*two crowns/);
});

test('enforced keys: bearer keys and signatures are let in, others are not', async () => {
  const config = join(folder, 'enforced.yaml');
  const key = 'a-long-term-key-of-bedrock', accessKeyId = 'AKIAIOSFODNN7EXAMPLE', secretAccessKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
  await writeFile(
    config,
    `auth: enforce\nbedrock_api_keys: [{key: ${key}, account: "111122223333"}]\n` +
      `credentials: [{access_key_id: ${accessKeyId}, secret_access_key: ${secretAccessKey}, account: "111122223333"}]\n`,
    { mode: 0o600 },
  );
  const enforced = await Outcrop.start('--config', config);
  const baseURL = `${enforced.endpoint}/openai/v1`;
  try {
    const ask = (more) => new OpenAI({ baseURL, maxRetries: 0, ...more }).chat.completions.create(question);
    assert.match((await ask({ apiKey: key })).choices[0].message.content, /two crowns/);
    const signed = bedrock({ region: 'us-east-1', baseURL, accessKeyId, secretAccessKey });
    const completion = await new OpenAI({ provider: signed, maxRetries: 0 }).chat.completions.create(question);
    assert.match(completion.choices[0].message.content, /two crowns/);
    const forged = bedrock({ region: 'us-east-1', baseURL, accessKeyId, secretAccessKey: 'guessed' });
    const attempts = [ask({ apiKey: 'guessed' }), new OpenAI({ provider: forged, maxRetries: 0 }).chat.completions.create(question)];
    for (const attempt of attempts) {
      const error = await refusal(attempt);
      assert.ok(error instanceof OpenAI.AuthenticationError, `${error}`);
      assert.equal(error.code, 'invalid_api_key');
    }
  } finally {
    assert.equal(await enforced.stop(), 0, enforced.log);
  }
});
