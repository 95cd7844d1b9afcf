// Prompt caching and fields of a model's own response, through the AWS SDK for JavaScript v3; the embedded model answers, whose cache is
// Outcrop's.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { Outcrop, refusal } from '../support/outcrop.mjs';

const claude = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'; // caches 1,024 tokens or more, for 5 minutes or an hour
const nova = 'amazon.nova-lite-v1:0'; // 1,000 or more, for 5 minutes

let server, bedrock;
before(async () => {
  server = await Outcrop.start('--clock', 'manual');
  bedrock = new BedrockRuntimeClient(server.clientConfig());
});
after(async () => {
  bedrock.destroy();
  assert.equal(await server.stop(), 0, server.log);
});

// A text of its own for each test, so that none reads what another wrote.
let texts = 0;
const handbook = (sentences = 200) =>
  `Handbook number ${++texts}. ` + 'Visitors leave coats and bags in the cloakroom before they enter. '.repeat(sentences) + 'Copies cost two crowns a page.';
const text = (words) => ({ text: words });
const point = (ttl) => ({ cachePoint: { type: 'default', ...(ttl && { ttl }) } });
const user = (...content) => [{ role: 'user', content }];
const converse = (input) => bedrock.send(new ConverseCommand({ modelId: claude, ...input }));
const pass = (seconds) => server.admin('clock/advance', { seconds });

async function streamed(input) {
  const { stream } = await bedrock.send(new ConverseStreamCommand({ modelId: claude, ...input }));
  const seen = {};
  for await (const event of stream) Object.assign(seen, event);
  return seen;
}

test('a system prompt is written once, then read, and written again five minutes after it was last read', async () => {
  const ask = (question) => ({ system: [text(handbook.text), point()], messages: user(text(question)) });
  handbook.text = handbook();
  const { usage: first } = await converse(ask('How much do copies cost?'));
  assert.ok(first.cacheWriteInputTokens > 1024);
  assert.equal(first.cacheReadInputTokens, 0);
  assert.ok(first.inputTokens < 100);
  assert.equal(first.totalTokens, first.inputTokens + first.outputTokens + first.cacheWriteInputTokens);
  assert.deepEqual(first.cacheDetails, [{ ttl: '5m', inputTokens: first.cacheWriteInputTokens }]);
  await pass(200);
  const { usage: second } = await converse(ask('Where do bags go?'));
  assert.equal(second.cacheReadInputTokens, first.cacheWriteInputTokens);
  assert.equal(second.cacheWriteInputTokens, 0);
  await pass(200);
  const { metadata } = await streamed(ask('What may visitors do?'));
  assert.equal(metadata.usage.cacheReadInputTokens, first.cacheWriteInputTokens);
  await pass(301);
  const { usage: last } = await converse(ask('How much do copies cost?'));
  assert.equal(last.cacheReadInputTokens, 0);
  assert.equal(last.cacheWriteInputTokens, first.cacheWriteInputTokens);
});

test('an hour is kept for an hour, and said apart', async () => {
  const messages = user(text(handbook()), point('1h'), text(handbook(20)), point('5m'), text('How much do copies cost?'));
  const { usage: first } = await converse({ messages });
  assert.deepEqual(first.cacheDetails.map(({ ttl }) => ttl), ['1h', '5m']);
  assert.equal(first.cacheDetails[0].inputTokens + first.cacheDetails[1].inputTokens, first.cacheWriteInputTokens);
  await pass(1800);
  const { usage: second } = await converse({ messages });
  assert.equal(second.cacheReadInputTokens, first.cacheDetails[0].inputTokens);
  assert.equal(second.cacheWriteInputTokens, first.cacheDetails[1].inputTokens);
});

test('without a cache point nothing is cached, nor below the minimum of the model', async () => {
  const long = user(text(handbook()), text('How much do copies cost?'));
  await converse({ messages: long });
  assert.equal((await converse({ messages: long })).usage.cacheReadInputTokens, 0);
  const short = user(text(handbook(20)), point(), text('How much do copies cost?'));
  await converse({ messages: short });
  const { usage } = await converse({ messages: short });
  assert.deepEqual([usage.cacheReadInputTokens, usage.cacheWriteInputTokens, usage.cacheDetails], [0, 0, undefined]);
});

test('cache_control of a Claude body is the same', async () => {
  const body = JSON.stringify({
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 50,
    system: [{ type: 'text', text: handbook(), cache_control: { type: 'ephemeral' } }],
    messages: [{ role: 'user', content: 'How much do copies cost?' }],
  });
  const invoke = async () => {
    const output = await bedrock.send(new InvokeModelCommand({ modelId: claude, body, contentType: 'application/json' }));
    return JSON.parse(new TextDecoder().decode(output.body)).usage;
  };
  const first = await invoke();
  assert.ok(first.cache_creation_input_tokens > 1024);
  const second = await invoke();
  assert.equal(second.cache_read_input_tokens, first.cache_creation_input_tokens);
  assert.equal(second.cache_creation_input_tokens, 0);
  const { body: chunks } = await bedrock.send(new InvokeModelWithResponseStreamCommand({ modelId: claude, body, contentType: 'application/json' }));
  let begun, metrics;
  for await (const { chunk } of chunks) {
    const event = JSON.parse(new TextDecoder().decode(chunk.bytes));
    if (event.type === 'message_start') begun = event.message.usage;
    metrics ??= event['amazon-bedrock-invocationMetrics'];
  }
  assert.equal(begun.cache_read_input_tokens, first.cache_creation_input_tokens);
  assert.equal(metrics.cacheReadInputTokenCount, first.cache_creation_input_tokens);
});

test('so is cachePoint of a Nova body', async () => {
  const body = JSON.stringify({
    system: [{ text: handbook() }, { cachePoint: { type: 'default' } }],
    messages: [{ role: 'user', content: [{ text: 'How much do copies cost?' }] }],
  });
  const invoke = async () => {
    const output = await bedrock.send(new InvokeModelCommand({ modelId: nova, body, contentType: 'application/json' }));
    return JSON.parse(new TextDecoder().decode(output.body)).usage;
  };
  const first = await invoke();
  assert.ok(first.cacheWriteInputTokenCount > 1000);
  assert.equal((await invoke()).cacheReadInputTokenCount, first.cacheWriteInputTokenCount);
});

test('what is read from the cache is not charged to the quota of tokens', async () => {
  // 200,000 tokens a minute, of which Nova caches 20,000 of each request: six requests would use up what ten of these leave.
  const client = new BedrockRuntimeClient(server.clientConfig({ credentials: { accessKeyId: '222233334444', secretAccessKey: 'x' } }));
  const system = [text(handbook(2500)), point()];
  const ask = () => client.send(new ConverseCommand({ modelId: 'amazon.nova-micro-v1:0', system, messages: user(text('Why?')), inferenceConfig: { maxTokens: 10 } }));
  const { usage: first } = await ask();
  assert.equal(first.cacheWriteInputTokens, 20_000);
  assert.ok(first.inputTokens + first.cacheWriteInputTokens > 200_000 / 7);
  for (let i = 0; i < 9; ++i) assert.equal((await ask()).usage.cacheReadInputTokens, 20_000);
  client.destroy();
});

test('what is wrong with a cache point is said in Bedrock\'s words', async () => {
  const cases = [
    [{ modelId: 'meta.llama3-8b-instruct-v1:0', messages: user(text('a'), point()) }, 'AccessDeniedException', /did not allow prompt caching/],
    [{ messages: user(...Array(5).fill([text('a'), point()]).flat()) }, 'ValidationException', /A maximum of 4 blocks with cache_control .* Found 5/],
    [{ system: [text('a'), point()], messages: user(text('b'), point('1h')) }, 'ValidationException', /^messages\.0\.content\.0\.cache_control\.ttl/],
    [{ modelId: nova, messages: user(text('a'), point('1h')) }, 'ValidationException', /takes no ttl of 1h/],
  ];
  for (const [input, name, words] of cases) {
    const error = await refusal(converse(input));
    assert.equal(error.name, name, `${error}`);
    assert.match(error.message, words);
  }
});

const stopped = { messages: user(text(handbook(3)), text('How much do copies cost?')), inferenceConfig: { stopSequences: ['crowns'] } };

test('fields of the model\'s own response come back in their places', async () => {
  const paths = ['/stop_sequence', '/usage/output_tokens', '/nothing/here', '/content/0/type'];
  const answer = await converse({ ...stopped, additionalModelResponseFieldPaths: paths });
  assert.deepEqual(answer.additionalModelResponseFields, {
    stop_sequence: 'crowns',
    usage: { output_tokens: answer.usage.outputTokens },
    content: [{ type: 'text' }],
  });
  assert.equal((await converse({ ...stopped, additionalModelResponseFieldPaths: ['/nothing'] })).additionalModelResponseFields, undefined);
});

test('and at the end of a stream, as its last chunks have them or as a whole answer would', async () => {
  const { messageStop, metadata } = await streamed({ ...stopped, additionalModelResponseFieldPaths: ['/stop_sequence', '/delta/stop_sequence', '/usage/input_tokens'] });
  assert.deepEqual(messageStop.additionalModelResponseFields, {
    stop_sequence: 'crowns',
    delta: { stop_sequence: 'crowns' },
    usage: { input_tokens: metadata.usage.inputTokens },
  });
});

test('a path that is no JSON Pointer is refused', async () => {
  for (const paths of [['stop_sequence'], ['/a', '/b~2'], [''], Array(11).fill('/a'), ['/' + 'a'.repeat(256)]]) {
    const error = await refusal(converse({ ...stopped, additionalModelResponseFieldPaths: paths }));
    assert.equal(error.name, 'ValidationException', JSON.stringify(paths));
    assert.match(error.message, /additionalModelResponseFieldPaths/);
  }
});

test('request metadata are held to their rules', async () => {
  await converse({ ...stopped, requestMetadata: { team: 'archive', 'cost:center': '42' } });
  for (const requestMetadata of [{}, { 'a!': 'b' }, { a: 'b'.repeat(257) }, Object.fromEntries([...Array(17).keys()].map((i) => [`k${i}`, 'v']))]) {
    const error = await refusal(converse({ ...stopped, requestMetadata }));
    assert.equal(error.name, 'ValidationException', JSON.stringify(requestMetadata));
  }
});
