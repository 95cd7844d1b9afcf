// Models as the configuration has them, through the AWS SDK for JavaScript v3: pools by latency and tier, fall-backs and how they are told, a
// llama-server of the server's own, and `outcrop models`. Stand-ins for the model servers run here.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { Outcrop, refusal } from '../support/outcrop.mjs';

const standIn = join(dirname(fileURLToPath(import.meta.url)), '../../src/inference/llama/testing/llama_server_stand_in.py');
const asked = { modelId: 'us.meta.llama3-1-70b-instruct-v1:0', messages: [{ role: 'user', content: [{ text: 'Hello?' }] }] };

// Answers with its name, or with the status it is told to.
class ModelServer {
  constructor(name) {
    this.name = name;
    this.status = 200;
    this.server = createServer(async (request, response) => {
      for await (const part of request) void part;
      response.setHeader('content-type', 'application/json');
      if (request.url === '/v1/models') return response.end(JSON.stringify({ object: 'list', data: [{ id: this.name }] }));
      if (this.status !== 200) return response.writeHead(this.status).end(JSON.stringify({ error: { message: 'as told' } }));
      const message = { role: 'assistant', content: `This is ${this.name}.` };
      response.end(JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }], usage: { prompt_tokens: 3, completion_tokens: 4 } }));
    });
  }
  async start() {
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.server.address().port}/v1`;
  }
  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const servers = ['plain', 'fast', 'cheap', 'spare'].map((name) => new ModelServer(name));
const [plain, fast, cheap, spare] = servers;
let folder, config, outcrop, bedrock;
const openai = (server, more) => ({ provider: 'openai', url: server.url, served_model: server.name, ...more });
before(async () => {
  for (const server of servers) await server.start();
  folder = await mkdtemp(join(tmpdir(), 'outcrop-model-servers-'));
  config = join(folder, 'outcrop.yaml');
  await writeFile(join(folder, 'tiny.gguf'), 'GGUF');
  const models = [
    openai(fast, { match: 'meta.*', latency: 'optimized' }),
    openai(cheap, { match: 'amazon.nova-pro-v1:0', tier: 'flex' }),
    openai(plain, { match: 'amazon.nova-pro-v1:0' }),
    openai(plain, { match: 'meta.*', fallback: 'mistral.mistral-large-2402-v1:0' }),
    openai(spare, { match: 'mistral.*' }),
    { match: 'amazon.nova-lite-v1:0', provider: 'llama-server', gguf: 'tiny.gguf', command: standIn, context: 4096 },
  ];
  await writeFile(config, JSON.stringify({ models })); // which is YAML too
  outcrop = await Outcrop.start('--config', config, '--log-level', 'debug');
  bedrock = new BedrockRuntimeClient(outcrop.clientConfig());
});
after(async () => {
  bedrock.destroy();
  assert.equal(await outcrop.stop(), 0, outcrop.log);
  for (const server of servers) await server.stop();
  await rm(folder, { recursive: true });
});
beforeEach(() => servers.forEach((server) => (server.status = 200)));

const textOf = (output) => output.output.message.content[0].text;
// What the SDK does not show of an answer.
function withHeaders(command) {
  let headers;
  const note = (next) => async (input) => {
    const result = await next(input);
    headers = result.response.headers;
    return result;
  };
  command.middlewareStack.add(note, { step: 'deserialize' });
  return { command, headers: () => headers };
}

test('a latency or a tier has its own servers, and the answer says which was served', async () => {
  const optimized = await bedrock.send(new ConverseCommand({ ...asked, performanceConfig: { latency: 'optimized' } }));
  assert.equal(textOf(optimized), 'This is fast.');
  assert.equal(optimized.performanceConfig.latency, 'optimized');
  assert.equal(textOf(await bedrock.send(new ConverseCommand(asked))), 'This is plain.');
  const nova = { ...asked, modelId: 'amazon.nova-pro-v1:0' };
  const flex = await bedrock.send(new ConverseCommand({ ...nova, serviceTier: { type: 'flex' } }));
  assert.equal(textOf(flex), 'This is cheap.');
  assert.equal(flex.serviceTier.type, 'flex');
  const standard = await bedrock.send(new ConverseCommand({ ...nova, performanceConfig: { latency: 'standard' } }));
  assert.equal(textOf(standard), 'This is plain.');
  assert.equal(standard.performanceConfig.latency, 'standard');
});

test('a configured fall-back answers, and is seen in the trace, a header and the metrics', async () => {
  const arn = 'arn:aws:bedrock:us-east-1::foundation-model/mistral.mistral-large-2402-v1:0';
  plain.status = 500;
  const whole = withHeaders(new ConverseCommand(asked));
  const output = await bedrock.send(whole.command);
  assert.equal(textOf(output), 'This is spare.');
  assert.equal(output.trace.promptRouter.invokedModelId, arn);
  assert.equal(whole.headers()['x-outcrop-served-by'], 'mistral.mistral-large-2402-v1:0');
  const streamed = withHeaders(new ConverseStreamCommand(asked));
  const { stream } = await bedrock.send(streamed.command);
  let trace;
  for await (const event of stream) trace ??= event.metadata?.trace;
  assert.equal(trace.promptRouter.invokedModelId, arn);
  assert.equal(streamed.headers()['x-outcrop-served-by'], 'mistral.mistral-large-2402-v1:0');
  await outcrop.until(/outcrop_model_fallbacks_total\{match="meta\.\*",fallback="mistral\.mistral-large-2402-v1:0"\} 2/);
});

test("a fall-back is seen by OpenAI's clients too", async () => {
  plain.status = 500;
  for (const stream of [false, true]) {
    const answer = await fetch(`${outcrop.endpoint}/openai/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer any' },
      body: JSON.stringify({ model: 'us.meta.llama3-1-70b-instruct-v1:0', messages: [{ role: 'user', content: 'Hello?' }], stream }),
    });
    assert.match(await answer.text(), /This is spare/);
    assert.equal(answer.headers.get('x-outcrop-served-by'), 'mistral.mistral-large-2402-v1:0');
  }
});

test('the model that was asked leaves no such traces', async () => {
  const { command, headers } = withHeaders(new ConverseCommand(asked));
  const output = await bedrock.send(command);
  assert.equal(output.trace, undefined);
  assert.equal(headers()['x-outcrop-served-by'], undefined);
});

test('a request that is itself at fault goes to no fall-back', async () => {
  plain.status = 400;
  assert.equal((await refusal(bedrock.send(new ConverseCommand(asked)))).name, 'ValidationException');
});

test('a GGUF file is served by a llama-server of its own, which ends with the server', async () => {
  const output = await bedrock.send(new ConverseCommand({ ...asked, modelId: 'amazon.nova-lite-v1:0' }));
  assert.equal(textOf(output), 'tiny with 4096 tokens');
  const second = await Outcrop.start('--config', config, '--log-level', 'debug', '--log-format', 'json');
  const client = new BedrockRuntimeClient(second.clientConfig());
  await client.send(new ConverseCommand({ ...asked, modelId: 'amazon.nova-lite-v1:0' }));
  client.destroy();
  const child = Number(/"llama-server started".*?"process":(\d+)/.exec(second.log)[1]);
  process.kill(child, 0);
  second.child.kill('SIGKILL'); // not asked: it cannot say goodbye to its child
  await second.ended;
  const deadline = performance.now() + 60_000;
  for (;;) {
    try {
      process.kill(child, 0);
    } catch {
      break;
    }
    assert.ok(performance.now() < deadline, 'the child outlives the server');
    await new Promise(setImmediate);
  }
});

const models = (...args) =>
  new Promise((resolve) => {
    execFile(process.env.OUTCROP_BIN, ['models', ...args], (error, output) => resolve({ status: error?.code ?? 0, output }));
  });

test('outcrop models lists the entries and checks that each can be asked', async () => {
  const { status, output } = await models('--config', config);
  assert.match(output, /^meta\.\* {2}openai {2}fast {2}latency optimized {2}for \d+ models of the catalogue$/m);
  assert.match(output, /^meta\.\* {2}openai {2}plain {2}fallback mistral\.mistral-large-2402-v1:0 {2}for /m);
  assert.ok(output.includes(`  OK      ${fast.url}: serves fast\n`), output);
  assert.match(output, /OK {6}\/.*tiny\.gguf: can be read/);
  assert.equal(status, 0, output);
});

test('outcrop models says what cannot be asked, and ends with status 1', async () => {
  const file = join(folder, 'broken.yaml');
  const entry = { match: 'a', provider: 'openai', url: plain.url, served_model: 'plain' };
  const wrong = [
    { ...entry, served_model: 'plane' },
    { ...entry, match: 'b', url: 'http://127.0.0.1:1/v1' },
    { ...entry, match: 'c', api_key_env: 'OUTCROP_NO_SUCH_KEY' },
    { match: 'd', provider: 'llama-server', gguf: 'missing.gguf', command: 'no-such-llama-server' },
  ];
  await writeFile(file, JSON.stringify({ models: wrong }));
  const { status, output } = await models('--config', file);
  assert.equal(status, 1);
  assert.match(output, /FAILED {2}http.*: does not serve plane, but: plain/);
  assert.match(output, /FAILED {2}http:\/\/127\.0\.0\.1:1\/v1: cannot be reached: /);
  assert.match(output, /FAILED {2}the environment: .*OUTCROP_NO_SUCH_KEY.* is not set/);
  assert.match(output, /FAILED {2}no-such-llama-server: is no program/);
  assert.match(output, /FAILED {2}\/.*missing\.gguf: cannot be read/);
  assert.equal((await models('--config', file, '--no-check')).status, 0);
});
