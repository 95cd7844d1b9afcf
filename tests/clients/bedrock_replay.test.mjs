// Recording and replay through the AWS SDK for JavaScript v3: what an upstream answered once is answered when it has gone.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand, CountTokensCommand, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import { Outcrop, refusal } from '../support/outcrop.mjs';
import { weather } from '../support/tools.mjs';

const modelId = 'amazon.nova-lite-v1:0';
const ask = (text) => ({ modelId, messages: [{ role: 'user', content: [{ text }] }] });
const handbook = 'The archive opens at nine. Copies cost two crowns a page. The archive closes at five.';
const question = ask(`${handbook}\n\nHow much do copies cost?`);
const dated = (id, time) => ask(`Session ${id}, ${time}. ${handbook}\n\nWhen does the archive close?`);
const embedding = { modelId: 'amazon.titan-embed-text-v2:0', contentType: 'application/json', body: JSON.stringify({ inputText: 'two crowns', dimensions: 256 }) };
const tool = { ...ask('What is the weather in the city of Lisbon?'), toolConfig: weather };

let folder;
before(async () => (folder = await mkdtemp(join(tmpdir(), 'outcrop-replay-'))));
after(() => rm(folder, { recursive: true }));

// A server with these settings of its replay, while `use` runs.
async function withServer(settings, use) {
  const config = join(folder, 'outcrop.yaml');
  await writeFile(config, `models: [{match: "*", provider: replay, cassettes: cassettes, ${settings}}]\n`);
  const server = await Outcrop.start('--config', config);
  const bedrock = new BedrockRuntimeClient(server.clientConfig());
  try {
    return await use(bedrock, server);
  } finally {
    bedrock.destroy();
    assert.equal(await server.stop(), 0, server.log);
  }
}

const decoded = (answer) => JSON.parse(new TextDecoder().decode(answer.body));

// Everything that is recorded and played, as plain data.
async function exchanges(bedrock) {
  const { stream } = await bedrock.send(new ConverseStreamCommand(question));
  const events = [];
  for await (const event of stream) events.push(event);
  for (const event of events) delete event.metadata?.metrics; // whose latency is the server's own
  const called = await bedrock.send(new ConverseCommand(tool));
  return {
    events,
    tool: called.output.message.content,
    dated: (await bedrock.send(new ConverseCommand(dated('0f8fad5b-d9cb-469f-a165-70867728950e', '2026-11-26T16:00:00Z')))).output,
    embedding: decoded(await bedrock.send(new InvokeModelCommand(embedding))).embedding,
    tokens: (await bedrock.send(new CountTokensCommand({ modelId, input: { converse: { messages: question.messages } } }))).inputTokens,
  };
}

let recorded;

test('an upstream is recorded', async () => {
  const upstream = await Outcrop.start();
  const of = `{provider: bedrock, url: "${upstream.endpoint}", regions: us-east-1, access_key_id_env: RECORDED_KEY, secret_access_key_env: RECORDED_SECRET}`;
  Object.assign(process.env, { RECORDED_KEY: 'AKIARECORDED', RECORDED_SECRET: 'recorded-secret' });
  recorded = await withServer(`mode: record, of: ${of}`, exchanges);
  assert.equal(await upstream.stop(), 0, upstream.log);
  const text = recorded.events.map((event) => event.contentBlockDelta?.delta.text ?? '').join('');
  assert.match(text, /two crowns/);
  const files = await readdir(join(folder, 'cassettes'));
  assert.equal(files.length, 5);
  for (const name of files) {
    const cassette = await readFile(join(folder, 'cassettes', name), 'utf8');
    assert.equal(JSON.parse(cassette).cassette, 1);
    assert.doesNotMatch(cassette, /AKIARECORDED|recorded-secret/);
  }
});

test('what was recorded is played, streamed and whole, when the upstream has gone', async () => {
  await withServer('mode: replay, timing: compressed', async (bedrock) => {
    assert.deepEqual(await exchanges(bedrock), recorded);
    const whole = await bedrock.send(new ConverseCommand(question)); // was recorded as a stream
    assert.match(whole.output.message.content[0].text, /two crowns/);
  });
});

test('a request that was not recorded is an error that no client tries again', async () => {
  await withServer('mode: replay', async (bedrock, server) => {
    const retrying = new BedrockRuntimeClient(server.clientConfig({ maxAttempts: 3 }));
    const error = await refusal(retrying.send(new ConverseCommand(ask('Who are you?'))));
    retrying.destroy();
    assert.equal(error.name, 'ValidationException');
    assert.match(error.message, /No cassette answers this request \(key [0-9a-f]{32}, exact match\)\. The nearest is [0-9a-f]{32}\.1\.json/);
    assert.equal(error.$metadata.attempts, 1);
  });
});

test('what differs from run to run is no difference to a normalised request', async () => {
  const again = dated('7c9e6679-7425-40de-944b-e07fc1f90ae7', '2027-01-01T08:15:00Z');
  await withServer('mode: replay, matching: normalised', async (bedrock) => {
    assert.deepEqual((await bedrock.send(new ConverseCommand(again))).output, recorded.dated);
  });
  await withServer('mode: replay', async (bedrock) => assert.equal((await refusal(bedrock.send(new ConverseCommand(again)))).name, 'ValidationException'));
});

test('only what is missing is recorded, and a reset begins every recording anew', async () => {
  await withServer('mode: record_missing, of: {provider: embedded}', async (bedrock, server) => {
    assert.deepEqual(await exchanges(bedrock), recorded);
    await bedrock.send(new ConverseCommand(ask('A new request.')));
    await server.admin('reset');
    assert.deepEqual(await exchanges(bedrock), recorded);
  });
  assert.equal((await readdir(join(folder, 'cassettes'))).length, 6);
});
