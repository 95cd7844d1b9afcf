// Bedrock Runtime through the AWS SDK for JavaScript v3, answered by a model server that speaks OpenAI's API: a stand-in for it runs here and
// says what each test wants said, when it wants.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import { Outcrop } from '../support/outcrop.mjs';

const modelId = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'; // a profile, routed by its model
const question = { modelId, messages: [{ role: 'user', content: [{ text: 'Hello?' }] }] };

// `answer(request, body, response)` is the model server; tests set it.
let model, answer, folder, outcrop, bedrock;
before(async () => {
  model = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    answer(request, JSON.parse(body), response);
  });
  await new Promise((resolve) => model.listen(0, '127.0.0.1', resolve));
  folder = await mkdtemp(join(tmpdir(), 'outcrop-models-'));
  const config = join(folder, 'outcrop.yaml');
  const url = `http://127.0.0.1:${model.address().port}/v1`;
  await writeFile(config, `models: [{match: "anthropic.*", provider: openai, url: "${url}", served_model: qwen3, api_key: sk-secret}]\n`, { mode: 0o600 });
  outcrop = await Outcrop.start('--config', config);
  bedrock = new BedrockRuntimeClient(outcrop.clientConfig());
});
after(async () => {
  bedrock.destroy();
  assert.equal(await outcrop.stop(), 0, outcrop.log);
  model.closeAllConnections();
  await new Promise((resolve) => model.close(resolve));
  await rm(folder, { recursive: true });
});
beforeEach(() => (answer = (request, body, response) => response.writeHead(500).end()));

const send = (response, chunk) => response.write(`data: ${typeof chunk === 'string' ? chunk : JSON.stringify(chunk)}\n\n`);
const delta = (delta, finish_reason = null) => ({ object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] });
const finish = (response, reason) => {
  send(response, delta({}, reason));
  send(response, { choices: [], usage: { prompt_tokens: 9, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 2 } } });
  send(response, '[DONE]');
  response.end();
};
const gate = () => {
  let open;
  const opened = new Promise((resolve) => (open = resolve));
  return { open, opened };
};

test('Converse is one request for a whole answer, in the dialect of the server', async () => {
  let asked, key, path;
  answer = (request, body, response) => {
    [asked, key, path] = [body, request.headers.authorization, request.url];
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        choices: [{ index: 0, message: { role: 'assistant', content: 'Good morning.' }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 9, completion_tokens: 4 },
      }),
    );
  };
  const output = await bedrock.send(new ConverseCommand({ ...question, system: [{ text: 'Be kind.' }], inferenceConfig: { maxTokens: 50 } }));
  assert.equal(output.output.message.content[0].text, 'Good morning.');
  assert.equal(output.stopReason, 'end_turn');
  assert.deepEqual([output.usage.inputTokens, output.usage.outputTokens, output.usage.totalTokens], [9, 4, 13]);
  assert.equal(path, '/v1/chat/completions');
  assert.equal(key, 'Bearer sk-secret');
  assert.equal(asked.model, 'qwen3');
  assert.ok(!asked.stream);
  assert.equal(asked.max_tokens, 50);
  assert.deepEqual(asked.messages, [{ role: 'system', content: 'Be kind.' }, { role: 'user', content: 'Hello?' }]);
});

test('InvokeModel asks for a whole answer too, and gives it in the words of the model that was named', async () => {
  answer = (request, body, response) => {
    assert.ok(!body.stream);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ choices: [{ index: 0, message: { role: 'assistant', content: 'Good evening.' }, finish_reason: 'stop' }] }));
  };
  const body = JSON.stringify({ anthropic_version: 'bedrock-2023-05-31', max_tokens: 20, messages: [{ role: 'user', content: 'Hello?' }] });
  const output = await bedrock.send(new InvokeModelCommand({ modelId, body, contentType: 'application/json' }));
  assert.equal(JSON.parse(new TextDecoder().decode(output.body)).content[0].text, 'Good evening.');
});

test('ConverseStream passes each token on before the server makes the next', async () => {
  const words = ['One', ' by', ' one', '.'];
  const gates = words.map(gate);
  answer = async (request, body, response) => {
    assert.equal(body.stream, true);
    response.setHeader('content-type', 'text/event-stream');
    for (const [i, word] of words.entries()) {
      send(response, delta({ content: word }));
      await gates[i].opened; // by the test, when it has this token
    }
    finish(response, 'stop');
  };
  const { stream } = await bedrock.send(new ConverseStreamCommand(question));
  const heard = [];
  let usage, reason;
  for await (const event of stream) {
    const text = event.contentBlockDelta?.delta.text;
    if (text) gates[heard.push(text) - 1].open();
    usage ??= event.metadata?.usage;
    reason ??= event.messageStop?.stopReason;
  }
  assert.deepEqual(heard, words);
  assert.equal(reason, 'end_turn');
  assert.deepEqual([usage.inputTokens, usage.cacheReadInputTokens, usage.outputTokens], [7, 2, 4]);
});

test('a tool use comes piece by piece', async () => {
  answer = (request, body, response) => {
    assert.equal(body.tools[0].function.name, 'get_weather');
    response.setHeader('content-type', 'text/event-stream');
    const call = (more, args) => send(response, delta({ tool_calls: [{ index: 0, ...more, function: { ...more.function, arguments: args } }] }));
    call({ id: 'call_1', function: { name: 'get_weather' } }, '{"city":');
    call({}, '"Lisbon"}');
    finish(response, 'tool_calls');
  };
  const tools = [{ toolSpec: { name: 'get_weather', inputSchema: { json: { type: 'object', properties: { city: { type: 'string' } } } } } }];
  const { stream } = await bedrock.send(new ConverseStreamCommand({ ...question, toolConfig: { tools } }));
  let name, input = '', reason;
  for await (const event of stream) {
    name ??= event.contentBlockStart?.start.toolUse.name;
    input += event.contentBlockDelta?.delta.toolUse?.input ?? '';
    reason ??= event.messageStop?.stopReason;
  }
  assert.equal(name, 'get_weather');
  assert.deepEqual(JSON.parse(input), { city: 'Lisbon' });
  assert.equal(reason, 'tool_use');
});

test('what the server refuses is an error of Bedrock, and no other model answers', async () => {
  const cases = [
    [400, { error: { message: 'context is too long' } }, 'ValidationException', /context is too long/],
    [401, { error: { message: 'bad key' } }, 'ModelErrorException', /refused the key/],
    [429, { error: { message: 'slow down' } }, 'ThrottlingException', /slow down/],
    [500, { error: { message: 'out of memory' } }, 'ModelErrorException', /out of memory/],
  ];
  for (const [status, body, name, words] of cases) {
    answer = (request, asked, response) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    for (const Command of [ConverseCommand, ConverseStreamCommand]) {
      await assert.rejects(bedrock.send(new Command(question)), (error) => {
        assert.equal(error.name, name);
        assert.match(error.message, words);
        if (name === 'ModelErrorException') assert.equal(error.originalStatusCode, status);
        return true;
      });
    }
  }
});

test('a stream that dies ends with an error after what was said', async () => {
  answer = (request, body, response) => {
    response.setHeader('content-type', 'text/event-stream');
    send(response, delta({ content: 'Once upon' }));
    response.end();
  };
  const { stream } = await bedrock.send(new ConverseStreamCommand(question));
  let said = '';
  const read = async () => {
    for await (const event of stream) said += event.contentBlockDelta?.delta.text ?? '';
  };
  await assert.rejects(read, (error) => error.name === 'ModelStreamErrorException');
  assert.equal(said, 'Once upon');
});

test('a caller who goes away is seen by the model server', async () => {
  const closed = gate();
  answer = (request, body, response) => {
    response.setHeader('content-type', 'text/event-stream');
    send(response, delta({ content: 'Once upon' }));
    response.on('close', closed.open);
  };
  const leaving = new AbortController();
  const { stream } = await bedrock.send(new ConverseStreamCommand(question), { abortSignal: leaving.signal });
  const read = async () => {
    for await (const event of stream) if (event.contentBlockDelta) leaving.abort();
  };
  await Promise.allSettled([read(), closed.opened]);
});

const whole = (response, usage) => {
  response.setHeader('content-type', 'application/json');
  const choices = [{ index: 0, message: { role: 'assistant', content: 'Yes.' }, finish_reason: 'stop' }];
  response.end(JSON.stringify({ id: 'chatcmpl-1', system_fingerprint: 'fp_1', choices, usage }));
};

test('fields of the server\'s own completion come back, and those of the family that was named', async () => {
  const paths = ['/system_fingerprint', '/choices/0/finish_reason', '/usage/completion_tokens', '/stop_reason'];
  answer = (request, body, response) => whole(response, { prompt_tokens: 9, completion_tokens: 1 });
  const output = await bedrock.send(new ConverseCommand({ ...question, additionalModelResponseFieldPaths: paths }));
  assert.deepEqual(output.additionalModelResponseFields, {
    system_fingerprint: 'fp_1',
    choices: [{ finish_reason: 'stop' }],
    usage: { completion_tokens: 1 },
    stop_reason: 'end_turn',
  });
  answer = (request, body, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    send(response, { ...delta({ content: 'Yes.' }), system_fingerprint: 'fp_2', usage: null });
    finish(response, 'stop');
  };
  const { stream } = await bedrock.send(new ConverseStreamCommand({ ...question, additionalModelResponseFieldPaths: ['/usage/prompt_tokens_details', '/system_fingerprint'] }));
  let end;
  for await (const event of stream) end ??= event.messageStop;
  assert.deepEqual(end.additionalModelResponseFields, { usage: { prompt_tokens_details: { cached_tokens: 2 } }, system_fingerprint: 'fp_2' });
});

test('a server that counts its cache is taken at its word; of others it is said what AWS would have cached', async () => {
  const system = [{ text: 'Visitors leave coats and bags in the cloakroom. '.repeat(300) }, { cachePoint: { type: 'default' } }];
  const ask = async (details) => {
    answer = (request, body, response) => whole(response, { prompt_tokens: 4000, completion_tokens: 1, ...details });
    const { usage } = await bedrock.send(new ConverseCommand({ ...question, system }));
    return [usage.inputTokens, usage.cacheReadInputTokens, usage.cacheWriteInputTokens];
  };
  assert.deepEqual(await ask({ prompt_tokens_details: { cached_tokens: 0 } }), [4000, 0, 0]);
  const [input, read, written] = await ask({ prompt_tokens_details: null });
  assert.equal(written, 0); // the beginning was seen in the request before
  assert.ok(read > 1024);
  assert.equal(input + read, 4000);
  assert.deepEqual(await ask({ prompt_tokens_details: { cached_tokens: 3968 } }), [32, 3968, 0]);
});
