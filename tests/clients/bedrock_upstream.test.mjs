// An Outcrop whose models another Bedrock answers, through the AWS SDK for JavaScript v3: two more Outcrops with enforced keys are its Regions.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  CountTokensCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { Outcrop, refusal } from '../support/outcrop.mjs';
import { weather } from '../support/tools.mjs';

const modelId = 'amazon.nova-lite-v1:0';
const keys = { accessKeyId: 'AKIAUPSTREAM', secretAccessKey: 'upstream-secret-key' };
const bearer = 'ABSKdXBzdHJlYW0tYmVhcmVyLWtleQ==';
const handbook =
  'The archive opens at nine. Visitors leave coats and bags in the cloakroom. The reading room holds forty readers. ' +
  'Copies cost two crowns a page. The archive closes at five.';
const question = {
  messages: [
    {
      role: 'user',
      content: [{ document: { name: 'handbook', format: 'txt', source: { bytes: new TextEncoder().encode(handbook) } } }, { text: 'How much do copies cost?' }],
    },
  ],
};

let folder, east, west, front, bedrock, direct;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outcrop-upstream-'));
  const write = async (name, text) => {
    await writeFile(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const upstream = await write(
    'upstream.yaml',
    `auth: enforce
credentials: [{access_key_id: ${keys.accessKeyId}, secret_access_key: ${keys.secretAccessKey}, account: "123456789012"}]
bedrock_api_keys: [{key: "${bearer}", account: "123456789012"}]
`,
  );
  [east, west] = await Promise.all([Outcrop.start('--config', upstream), Outcrop.start('--config', upstream)]);
  Object.assign(process.env, { UPSTREAM_KEY_ID: keys.accessKeyId, UPSTREAM_SECRET: keys.secretAccessKey, UPSTREAM_BEARER: bearer });
  const signed = 'access_key_id_env: UPSTREAM_KEY_ID, secret_access_key_env: UPSTREAM_SECRET';
  const config = await write(
    'front.yaml',
    `models:
  - {match: "anthropic.*", provider: bedrock, regions: us-east-1, url: "${east.endpoint}", api_key_env: UPSTREAM_BEARER}
  - {match: "meta.*", provider: bedrock, regions: us-east-1, url: "${east.endpoint}", api_key: not-a-key-of-the-upstream}
  - {match: "*", provider: bedrock, regions: [us-east-1, us-west-2], url: ["${east.endpoint}", "${west.endpoint}"], ${signed}}
`,
  );
  front = await Outcrop.start('--config', config);
  bedrock = new BedrockRuntimeClient(front.clientConfig());
  direct = new BedrockRuntimeClient(west.clientConfig({ credentials: keys }));
});
after(async () => {
  bedrock?.destroy();
  direct?.destroy();
  for (const server of [front, east, west]) if (server) assert.equal(await server.stop(), 0, server.log);
  await rm(folder, { recursive: true });
});

async function streamed(input) {
  const { stream } = await bedrock.send(new ConverseStreamCommand(input));
  const heard = { kinds: [], text: '', input: '' };
  for await (const event of stream) {
    const [kind] = Object.keys(event);
    if (heard.kinds.at(-1) !== kind) heard.kinds.push(kind);
    heard.text += event.contentBlockDelta?.delta.text ?? '';
    heard.input += event.contentBlockDelta?.delta.toolUse?.input ?? '';
    heard.stopReason ??= event.messageStop?.stopReason;
    heard.usage ??= event.metadata?.usage;
  }
  return heard;
}

test('Converse gives what the upstream answers, and what it counted', async () => {
  const answer = await bedrock.send(new ConverseCommand({ modelId, ...question, requestMetadata: { team: 'archive' } }));
  const upstream = await direct.send(new ConverseCommand({ modelId, ...question }));
  assert.match(answer.output.message.content[0].text, /Copies cost two crowns a page\./);
  assert.deepEqual(answer.output, upstream.output);
  assert.equal(answer.stopReason, 'end_turn');
  assert.deepEqual(answer.usage, upstream.usage);
});

test('ConverseStream gives the same piece by piece', async () => {
  const heard = await streamed({ modelId, ...question });
  assert.deepEqual(heard.kinds, ['messageStart', 'contentBlockDelta', 'contentBlockStop', 'messageStop', 'metadata']);
  assert.match(heard.text, /Copies cost two crowns a page\./);
  assert.ok(heard.usage.outputTokens > 4);
});

test('tools are called, whole and streamed, and their results answered from', async () => {
  const asked = [{ role: 'user', content: [{ text: 'What is the weather in the city of Lisbon?' }] }];
  const called = await bedrock.send(new ConverseCommand({ modelId, messages: asked, toolConfig: weather }));
  assert.equal(called.stopReason, 'tool_use');
  const { toolUse } = called.output.message.content.at(-1);
  assert.match(toolUse.input.city, /Lisbon/);
  const heard = await streamed({ modelId, messages: asked, toolConfig: weather });
  assert.match(JSON.parse(heard.input).city, /Lisbon/);
  assert.equal(heard.stopReason, 'tool_use');
  const result = { toolResult: { toolUseId: toolUse.toolUseId, content: [{ text: 'The weather in Lisbon is sunny with 24 degrees.' }] } };
  const messages = [...asked, called.output.message, { role: 'user', content: [result] }];
  const answer = await bedrock.send(new ConverseCommand({ modelId, messages, toolConfig: weather }));
  assert.match(answer.output.message.content[0].text, /sunny with 24 degrees/);
});

test('a profile is asked for by its own id, with a bearer key', async () => {
  const answer = await bedrock.send(new ConverseCommand({ modelId: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', ...question }));
  assert.match(answer.output.message.content[0].text, /Copies cost two crowns a page\./);
});

test('InvokeModel is answered in the family\'s own words, whole and streamed', async () => {
  const nova = JSON.stringify({ messages: [{ role: 'user', content: [{ text: `${handbook}\n\nHow much do copies cost?` }] }] });
  const whole = await bedrock.send(new InvokeModelCommand({ modelId, body: nova, contentType: 'application/json' }));
  assert.match(JSON.parse(new TextDecoder().decode(whole.body)).output.message.content[0].text, /two crowns/);
  const { body: chunks } = await bedrock.send(new InvokeModelWithResponseStreamCommand({ modelId, body: nova, contentType: 'application/json' }));
  let said = '';
  for await (const { chunk } of chunks) said += JSON.parse(new TextDecoder().decode(chunk.bytes)).contentBlockDelta?.delta.text ?? '';
  assert.match(said, /two crowns/);
});

test('embeddings and counts are the upstream\'s', async () => {
  const bodies = {
    'amazon.titan-embed-text-v2:0': { inputText: 'Copies cost two crowns a page.', dimensions: 256 },
    'cohere.embed-english-v3': { texts: ['Copies cost two crowns.', 'The archive opens at nine.'], input_type: 'search_query' },
  };
  for (const [id, body] of Object.entries(bodies)) {
    const invoke = new InvokeModelCommand({ modelId: id, body: JSON.stringify(body), contentType: 'application/json' });
    const [ours, theirs] = (await Promise.all([bedrock.send(invoke), direct.send(invoke)])).map((answer) => JSON.parse(new TextDecoder().decode(answer.body)));
    assert.deepEqual(ours.embedding ?? ours.embeddings, theirs.embedding ?? theirs.embeddings);
    assert.equal(ours.inputTextTokenCount, theirs.inputTextTokenCount);
  }
  const count = new CountTokensCommand({ modelId, input: { converse: question } });
  assert.equal((await bedrock.send(count)).inputTokens, (await direct.send(count)).inputTokens);
});

test('the upstream\'s errors keep their names, and those about our key are not passed on', async () => {
  const image = { image: { format: 'png', source: { bytes: new Uint8Array([1, 2, 3]) } } };
  const refused = await refusal(bedrock.send(new ConverseCommand({ modelId, messages: [{ role: 'user', content: [image] }] })));
  assert.equal(refused.name, 'ValidationException');
  assert.match(refused.message, /reads text only/);
  const locked = await refusal(bedrock.send(new ConverseCommand({ modelId: 'meta.llama3-8b-instruct-v1:0', ...question })));
  assert.equal(locked.name, 'ModelErrorException');
  assert.match(locked.message, /refused the credentials/);
});

test('when a Region dies the other one answers, and a model without another one does not', async () => {
  assert.equal(await east.stop(), 0, east.log);
  east = undefined;
  for (let i = 0; i < 4; ++i) {
    const answer = await bedrock.send(new ConverseCommand({ modelId, ...question }));
    assert.match(answer.output.message.content[0].text, /two crowns/);
    assert.match((await streamed({ modelId, ...question })).text, /two crowns/);
  }
  const gone = await refusal(bedrock.send(new ConverseCommand({ modelId: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', ...question })));
  assert.equal(gone.name, 'ServiceUnavailableException');
});
