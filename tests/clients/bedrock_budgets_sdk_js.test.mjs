// Tenants' budgets and waiting for quota through the AWS SDK for JavaScript v3: what is asked for and told in headers beside AWS's, which
// the SDK neither needs nor minds.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import { Outcrop, refusal } from '../support/outcrop.mjs';

const modelId = 'amazon.nova-lite-v1:0';
const question = { modelId, messages: [{ role: 'user', content: [{ text: 'What is an outcrop?' }] }], inferenceConfig: { maxTokens: 100 } };
const configuration = `
budgets:
  - {name: teams, tenant: {header: X-Team}, models: "amazon.nova-lite-*", limits: {requests_per_minute: 2, tokens_per_day: 5000}}
  - {name: spending, tenant: access_key, models: "amazon.nova-*", limits: {usd_per_month: 10}}
prices:
  - {match: "amazon.nova-lite-*", input: 0.06, output: 0.24}
`;

let folder, config, server, bedrock, answered;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outcrop-budgets-'));
  config = join(folder, 'outcrop.yaml');
  await writeFile(config, configuration);
  server = await Outcrop.start('--config', config, '--clock', 'manual');
  bedrock = client(server);
});
beforeEach(() => server.admin('reset'));
after(async () => {
  bedrock.destroy();
  assert.equal(await server.stop(), 0, server.log);
  await rm(folder, { recursive: true });
});

// A client whose last answer's head is in `answered`.
function client(of) {
  const made = new BedrockRuntimeClient(of.clientConfig());
  const note = (next) => async (args) => {
    try {
      const result = await next(args);
      answered = result.response;
      return result;
    } catch (error) {
      answered = error.$response;
      throw error;
    }
  };
  made.middlewareStack.add(note, { step: 'deserialize', priority: 'high' });
  return made;
}

// The command, sent with headers beside its own.
function withHeaders(command, headers) {
  const add = (next) => (args) => {
    Object.assign(args.request.headers, headers);
    return next(args);
  };
  command.middlewareStack.add(add, { step: 'build' });
  return command;
}

const converseAs = (team, headers = {}, options = {}) =>
  bedrock.send(withHeaders(new ConverseCommand(question), { 'x-team': team, ...headers }), options);
const useUp = async (team) => {
  await converseAs(team);
  await converseAs(team);
};

test('An answer tells what is left of quotas and budgets', async () => {
  const answer = await converseAs('red');
  assert.equal(answered.headers['x-outcrop-ratelimit-remaining-requests'], '1');
  assert.equal(answered.headers['x-outcrop-ratelimit-reset-requests'], '30');
  assert.equal(answered.headers['x-outcrop-ratelimit-remaining-tokens'], String(5000 - answer.usage.totalTokens));
  assert.equal(answered.headers['x-outcrop-ratelimit-remaining-usd'], '10.0000');
});

test('A stream tells what is left with its own share held', async () => {
  const { stream } = await bedrock.send(withHeaders(new ConverseStreamCommand(question), { 'x-team': 'red' }));
  const remaining = Number(answered.headers['x-outcrop-ratelimit-remaining-tokens']);
  let usage;
  for await (const event of stream) usage ??= event.metadata?.usage;
  assert.equal(remaining, 5000 - usage.inputTokens - 100);
});

test('InvokeModel tells it too', async () => {
  const body = JSON.stringify({ messages: question.messages, inferenceConfig: { maxTokens: 100 } });
  await bedrock.send(withHeaders(new InvokeModelCommand({ modelId, body, contentType: 'application/json' }), { 'x-team': 'red' }));
  assert.equal(answered.headers['x-outcrop-ratelimit-remaining-requests'], '1');
});

test('A tenant beyond its budget is refused by name, another is not', async () => {
  await useUp('red');
  const error = await refusal(converseAs('red'));
  assert.equal(error.name, 'ThrottlingException');
  assert.equal(error.$metadata.httpStatusCode, 429);
  assert.match(error.message, /budget teams of 2 requests per minute/);
  assert.equal(answered.headers['retry-after'], '30');
  assert.equal(answered.headers['x-outcrop-ratelimit-remaining-requests'], '0');
  await converseAs('blue');
});

test('A request that says so waits for its turn', async () => {
  await useUp('red');
  const waiting = converseAs('red', { 'x-outcrop-max-wait-ms': '60000' });
  await server.until(/^outcrop_bedrock_quota_waiting 1$/m);
  await server.admin('clock/advance', { duration: '30s' });
  assert.equal((await waiting).stopReason, 'end_turn');
});

test('It is refused at once when its turn would come too late', async () => {
  await useUp('red');
  const error = await refusal(converseAs('red', { 'x-outcrop-max-wait-ms': '29000' }));
  assert.equal(error.name, 'ThrottlingException');
});

test('A wait that is none is a validation error', async () => {
  const error = await refusal(converseAs('red', { 'x-outcrop-max-wait-ms': 'soon' }));
  assert.equal(error.name, 'ValidationException');
  assert.match(error.message, /from 0 to 300000/);
});

test('A client that goes leaves the queue', async () => {
  await useUp('red');
  const going = new AbortController();
  const waiting = refusal(converseAs('red', { 'x-outcrop-max-wait-ms': '60000' }, { abortSignal: going.signal }));
  await server.until(/^outcrop_bedrock_quota_waiting 1$/m);
  going.abort();
  assert.equal((await waiting).name, 'AbortError');
  await server.until(/^outcrop_bedrock_quota_waiting 0$/m);
});

test('A server that stops does not wait for who waits', async () => {
  const stopping = await Outcrop.start('--config', config);
  const waiter = client(stopping);
  const ask = (headers) => waiter.send(withHeaders(new ConverseCommand(question), { 'x-team': 'red', ...headers }));
  await ask();
  await ask();
  const waiting = refusal(ask({ 'x-outcrop-max-wait-ms': '60000' }));
  await stopping.until(/^outcrop_bedrock_quota_waiting 1$/m);
  assert.equal(await stopping.stop(), 0, stopping.log);
  assert.equal((await waiting).name, 'ServiceUnavailableException');
  waiter.destroy();
});

test('A budget of money refuses a model without a price', async () => {
  const error = await refusal(bedrock.send(new ConverseCommand({ ...question, modelId: 'amazon.nova-micro-v1:0' })));
  assert.equal(error.name, 'AccessDeniedException');
  assert.match(error.message, /no price for the model amazon\.nova-micro-v1:0/);
});

test('What was used of a day is not forgotten when the server is started again', async () => {
  const data = join(folder, 'data');
  const tokensLeft = () => Number(answered.headers['x-outcrop-ratelimit-remaining-tokens']);
  const use = async () => {
    const started = await Outcrop.start('--config', config, '--data', data);
    const user = client(started);
    const { usage } = await user.send(withHeaders(new ConverseCommand(question), { 'x-team': 'red' }));
    user.destroy();
    assert.equal(await started.stop(), 0, started.log);
    return usage.totalTokens;
  };
  const first = await use();
  assert.equal(tokensLeft(), 5000 - first);
  const second = await use();
  assert.equal(tokensLeft(), 5000 - first - second);
});
