// Bedrock Runtime through the AWS SDK for JavaScript v3, which speaks HTTP/2 to it: the embedded model answers from what it is given.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  CountTokensCommand,
  ListAsyncInvokesCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { Outcrop, refusal } from '../support/outcrop.mjs';
import { weather } from '../support/tools.mjs';

const modelId = 'amazon.nova-lite-v1:0';
const handbook =
  'The archive opens at nine. Visitors leave coats and bags in the cloakroom. The reading room holds forty readers. ' +
  'Photographs may be taken without a flash. Copies cost two crowns a page. The archive closes at five.';

let server, bedrock;
before(async () => {
  server = await Outcrop.start('--clock', 'manual');
  bedrock = new BedrockRuntimeClient(server.clientConfig());
});
after(async () => assert.equal(await server.stop(), 0, server.log));

const user = (...content) => [{ role: 'user', content }];
const text = (words) => ({ text: words });
const document = { document: { name: 'handbook', format: 'txt', source: { bytes: new TextEncoder().encode(handbook) } } };
const converse = (input) => bedrock.send(new ConverseCommand({ modelId, ...input }));
const question = { messages: user(document, text('How much do copies cost?')) };

test('Converse quotes the sentence of a document that answers the question', async () => {
  const answer = await converse(question);
  assert.equal(answer.output.message.role, 'assistant');
  assert.match(answer.output.message.content[0].text, /Copies cost two crowns a page\./);
  assert.equal(answer.stopReason, 'end_turn');
  assert.ok(answer.usage.inputTokens > 20 && answer.usage.outputTokens > 4);
  assert.equal(answer.usage.totalTokens, answer.usage.inputTokens + answer.usage.outputTokens);
  assert.ok(answer.metrics.latencyMs >= 0);
});

test('ConverseStream gives the same answer piece by piece, in the order of events that Bedrock has', async () => {
  const whole = (await converse(question)).output.message.content[0].text;
  const { stream } = await bedrock.send(new ConverseStreamCommand({ modelId, ...question }));
  const kinds = [];
  let said = '', usage;
  for await (const event of stream) {
    const [kind] = Object.keys(event);
    if (kinds.at(-1) !== kind) kinds.push(kind);
    said += event.contentBlockDelta?.delta.text ?? '';
    usage ??= event.metadata?.usage;
  }
  assert.deepEqual(kinds, ['messageStart', 'contentBlockDelta', 'contentBlockStop', 'messageStop', 'metadata']);
  assert.equal(said, whole);
  assert.ok(usage.outputTokens > 4);
});

test('CountTokens counts what Converse is charged for', async () => {
  const { inputTokens } = await bedrock.send(new CountTokensCommand({ modelId, input: { converse: question } }));
  assert.equal(inputTokens, (await converse(question)).usage.inputTokens);
});

test('maxTokens and stop sequences end an answer and say so', async () => {
  const short = await converse({ ...question, inferenceConfig: { maxTokens: 2 } });
  assert.equal(short.stopReason, 'max_tokens');
  assert.equal(short.usage.outputTokens, 2);
  const stopped = await converse({ ...question, inferenceConfig: { stopSequences: ['crowns'] } });
  assert.equal(stopped.stopReason, 'stop_sequence');
  assert.doesNotMatch(stopped.output.message.content[0].text, /crowns/);
});

test('a tool is called with what the message states, and its result is answered from', async () => {
  const asked = user(text('What is the weather in the city of Lisbon?'));
  const called = await converse({ messages: asked, toolConfig: weather });
  assert.equal(called.stopReason, 'tool_use');
  const { toolUse } = called.output.message.content.at(-1);
  assert.equal(toolUse.name, 'get_weather');
  assert.match(toolUse.input.city, /Lisbon/);
  const result = { toolResult: { toolUseId: toolUse.toolUseId, content: [text('The weather in Lisbon is sunny with 24 degrees.')] } };
  const answer = await converse({ messages: [...asked, called.output.message, { role: 'user', content: [result] }], toolConfig: weather });
  assert.match(answer.output.message.content[0].text, /sunny with 24 degrees/);
});

test('what is wrong with a request is said in Bedrock\'s words', async () => {
  const cases = [
    [{ modelId: 'nobody.knows-v1:0', ...question }, /provided model identifier is invalid/],
    [{ modelId: 'anthropic.claude-sonnet-4-5-20250929-v1:0', ...question }, /on-demand throughput isn’t supported/],
    [{ messages: [{ role: 'assistant', content: [text('hello')] }] }, /must start with a user message/],
    [{ messages: [...user(text('a')), ...user(text('b'))] }, /must alternate between user and assistant/],
    [{ messages: user(text(' ')) }, /text field in the ContentBlock object at messages\.0\.content\.0 is blank/],
    [{ messages: user() }, /content field in the Message object at messages\.0 is empty/],
    [{ ...question, inferenceConfig: { maxTokens: 10_000_000 } }, /exceeds the model limit of 10000/],
    [{ ...question, guardrailConfig: { guardrailIdentifier: 'abc', guardrailVersion: '1' } }, /Guardrails are not supported yet/],
    [{ messages: user({ image: { format: 'png', source: { bytes: new Uint8Array([1, 2, 3]) } } }) }, /reads text only/],
    [{ messages: user({ toolResult: { toolUseId: 'x', content: [text('y')] } }) }, /exceeds the number of toolUse blocks/],
  ];
  for (const [input, words] of cases) {
    const error = await refusal(converse(input));
    assert.equal(error.name, 'ValidationException', `${error}`);
    assert.equal(error.$metadata.httpStatusCode, 400);
    assert.match(error.message, words);
  }
});

test('an operation that is not built is named', async () => {
  const error = await refusal(bedrock.send(new ListAsyncInvokesCommand({})));
  assert.match(`${error.name} ${error.message}`, /ListAsyncInvokes/);
});

test('requests beyond the quota of a minute are throttled, and let through a minute later', async () => {
  const model = { modelId: 'ai21.jamba-1-5-mini-v1:0', ...question };
  const frankfurt = new BedrockRuntimeClient(server.clientConfig({ region: 'eu-central-1', credentials: { accessKeyId: '111122223333', secretAccessKey: 'x' } }));
  let throttled;
  let passed = 0;
  while (!throttled && passed < 1000) {
    throttled = await frankfurt.send(new ConverseCommand(model)).then(() => void passed++, (error) => error);
  }
  assert.equal(throttled.name, 'ThrottlingException');
  assert.equal(throttled.$metadata.httpStatusCode, 429);
  assert.match(throttled.message, /^Too many requests, please wait before trying again\.$/);
  assert.equal(passed, 100);
  await server.admin('clock/advance', { seconds: 60 });
  await frankfurt.send(new ConverseCommand(model));
});

test('CloudWatch has what was invoked, by model', async () => {
  const { time } = await server.admin('clock', undefined, 'GET');
  await server.admin('clock/advance', { seconds: 120 });
  const cloudwatch = new CloudWatchClient(server.clientConfig());
  const at = new Date(time);
  const { Datapoints } = await cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/Bedrock',
      MetricName: 'OutputTokenCount',
      Dimensions: [{ Name: 'ModelId', Value: modelId }],
      StartTime: new Date(at.getTime() - 3_600_000),
      EndTime: new Date(at.getTime() + 3_600_000),
      Period: 3600,
      Statistics: ['Sum', 'SampleCount'],
    }),
  );
  assert.ok(Datapoints.length > 0 && Datapoints[0].Sum > 4, JSON.stringify(Datapoints));
});
