// InvokeModel through the AWS SDK for JavaScript v3: every family's own body, whole and streamed, and embeddings.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  BedrockRuntimeClient,
  ConverseCommand,
  CountTokensCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { Outcrop, refusal } from '../support/outcrop.mjs';

let server, bedrock;
before(async () => {
  server = await Outcrop.start('--clock', 'manual');
  bedrock = new BedrockRuntimeClient(server.clientConfig());
});
after(async () => assert.equal(await server.stop(), 0, server.log));

const handbook =
  'The archive opens at nine. Visitors leave coats and bags in the cloakroom. The reading room holds forty readers. ' +
  'Photographs may be taken without a flash. Copies cost two crowns a page. The archive closes at five.';
const question = 'How much do copies cost?';
const prompt = `${handbook}\n\n${question}`;
const sentence = /Copies cost two crowns a page\./;

const chat = (max) => ({ messages: [{ role: 'system', content: handbook }, { role: 'user', content: question }], ...max });

// Of every family: a model, a body that asks the question of the handbook, and where its answers and its chunks have their text.
const families = {
  'anthropic-messages': {
    modelId: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    body: {
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 200,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'document', title: 'handbook', source: { type: 'text', media_type: 'text/plain', data: handbook } },
            { type: 'text', text: question },
          ],
        },
      ],
    },
    text: (answer) => answer.content[0].text,
    piece: (chunk) => chunk.delta?.text,
  },
  nova: {
    modelId: 'amazon.nova-lite-v1:0',
    body: {
      schemaVersion: 'messages-v1',
      messages: [
        {
          role: 'user',
          content: [
            { document: { format: 'txt', name: 'handbook', source: { bytes: Buffer.from(handbook).toString('base64') } } },
            { text: question },
          ],
        },
      ],
      inferenceConfig: { maxTokens: 200 },
    },
    text: (answer) => answer.output.message.content[0].text,
    piece: (chunk) => chunk.contentBlockDelta?.delta.text,
  },
  llama: {
    modelId: 'meta.llama3-8b-instruct-v1:0',
    body: {
      prompt:
        `<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\n${handbook}<|eot_id|>` +
        `<|start_header_id|>user<|end_header_id|>\n\n${question}<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n`,
      max_gen_len: 200,
    },
    text: (answer) => answer.generation,
    piece: (chunk) => chunk.generation,
  },
  'mistral-text': {
    modelId: 'mistral.mistral-7b-instruct-v0:2',
    body: { prompt: `<s>[INST] ${prompt} [/INST]`, max_tokens: 200 },
    text: (answer) => answer.outputs[0].text,
    piece: (chunk) => chunk.outputs[0].text,
  },
  'mistral-chat': {
    modelId: 'us.mistral.pixtral-large-2502-v1:0',
    body: chat({ max_tokens: 200 }),
    text: (answer) => answer.choices[0].message.content,
    piece: (chunk) => chunk.choices[0].message.content,
  },
  'titan-text': {
    modelId: 'amazon.titan-text-express-v1',
    body: { inputText: prompt, textGenerationConfig: { maxTokenCount: 200 } },
    text: (answer) => answer.results[0].outputText,
    piece: (chunk) => chunk.outputText,
  },
  deepseek: {
    modelId: 'us.deepseek.r1-v1:0',
    body: { prompt, max_tokens: 200 },
    text: (answer) => answer.choices[0].text,
    piece: (chunk) => chunk.choices[0].text,
  },
  jamba: {
    modelId: 'ai21.jamba-1-5-mini-v1:0',
    body: { ...chat({ max_tokens: 200 }), documents: [{ content: handbook }] },
    text: (answer) => answer.choices[0].message.content,
    piece: (chunk) => chunk.choices[0]?.delta.content,
  },
  'openai-chat': {
    modelId: 'openai.gpt-oss-20b-1:0',
    body: chat({ max_completion_tokens: 200 }),
    text: (answer) => answer.choices[0].message.content,
    piece: (chunk) => chunk.choices[0]?.delta.content,
  },
};

const input = (modelId, body, more) => ({ modelId, contentType: 'application/json', body: JSON.stringify(body), ...more });
const invoke = (modelId, body, more) => bedrock.send(new InvokeModelCommand(input(modelId, body, more)));
const parsed = (answer) => JSON.parse(answer.body.transformToString());
const chunksOf = async (modelId, body, more) => {
  const answer = await bedrock.send(new InvokeModelWithResponseStreamCommand(input(modelId, body, more)));
  const chunks = [];
  for await (const event of answer.body) chunks.push(JSON.parse(Buffer.from(event.chunk.bytes).toString()));
  return { answer, chunks };
};

for (const [name, { modelId, body, text, piece }] of Object.entries(families)) {
  test(`${name}: the answer quotes the sentence that answers the question`, async () => {
    const answer = await invoke(modelId, body);
    assert.equal(answer.contentType, 'application/json');
    assert.match(text(parsed(answer)), sentence);
  });

  test(`${name}: the chunks hold the same answer, the last one Bedrock's metrics`, async () => {
    const whole = text(parsed(await invoke(modelId, body)));
    const { answer, chunks } = await chunksOf(modelId, body);
    assert.equal(answer.contentType, 'application/json');
    assert.ok(chunks.length > 2, JSON.stringify(chunks));
    assert.equal(chunks.map((chunk) => piece(chunk) ?? '').join(''), whole);
    const metrics = chunks.at(-1)['amazon-bedrock-invocationMetrics'];
    assert.ok(metrics.inputTokenCount > 20 && metrics.outputTokenCount > 4, JSON.stringify(metrics));
    assert.ok(metrics.invocationLatency >= metrics.firstByteLatency && metrics.firstByteLatency >= 0, JSON.stringify(metrics));
    assert.equal(chunks.filter((chunk) => 'amazon-bedrock-invocationMetrics' in chunk).length, 1);
  });
}

test('a model at the end of its life is not found, whatever its body', async () => {
  const error = await refusal(invoke('cohere.command-r-v1:0', { message: question }));
  assert.equal(error.name, 'ResourceNotFoundException');
});

// The headers that no SDK has members for.
const headersOf = async (command) => {
  const listening = new BedrockRuntimeClient(server.clientConfig());
  let headers;
  const note = (next) => async (args) => {
    const result = await next(args);
    headers = result.response.headers;
    return result;
  };
  listening.middlewareStack.add(note, { step: 'deserialize', priority: 'low' });
  const output = await listening.send(command);
  listening.destroy();
  return { headers, output };
};

test('the headers of an answer tell its tokens and its latency, and CountTokens counts the same', async () => {
  const { modelId, body, text } = families.nova;
  const { headers, output } = await headersOf(new InvokeModelCommand(input(modelId, body)));
  const { usage } = parsed(output);
  assert.match(text(parsed(output)), sentence);
  assert.equal(headers['x-amzn-bedrock-input-token-count'], `${usage.inputTokens}`);
  assert.equal(headers['x-amzn-bedrock-output-token-count'], `${usage.outputTokens}`);
  assert.match(headers['x-amzn-bedrock-invocation-latency'], /^\d+$/);
  const counted = new CountTokensCommand({ modelId, input: { invokeModel: { body: Buffer.from(JSON.stringify(body)) } } });
  assert.equal((await bedrock.send(counted)).inputTokens, usage.inputTokens);
});

test('latency and service tier are served where the model has them, and told', async () => {
  const { body } = families.nova;
  const terms = { performanceConfigLatency: 'optimized', serviceTier: 'flex' };
  const answer = await invoke('amazon.nova-pro-v1:0', body, terms);
  assert.deepEqual([answer.performanceConfigLatency, answer.serviceTier], ['optimized', 'flex']);
  const { answer: streamed } = await chunksOf('amazon.nova-pro-v1:0', body, terms);
  assert.deepEqual([streamed.performanceConfigLatency, streamed.serviceTier], ['optimized', 'flex']);
  assert.match((await refusal(invoke('amazon.nova-lite-v1:0', body, { performanceConfigLatency: 'optimized' }))).message, /not supported for/);
  assert.match((await refusal(invoke('amazon.nova-lite-v1:0', body, { serviceTier: 'flex' }))).message, /service tier flex is not supported/);
});

test('what is wrong with a request is said in the words of Bedrock and of the family', async () => {
  const { nova, llama } = families;
  const claude = families['anthropic-messages'];
  const cases = [
    ['nobody.knows-v1:0', {}, {}, /provided model identifier is invalid/],
    ['anthropic.claude-sonnet-4-5-20250929-v1:0', claude.body, {}, /on-demand throughput isn’t supported/],
    [nova.modelId, nova.body, { contentType: 'text/plain' }, /^The provided Content Type is invalid or not supported for this model$/],
    [nova.modelId, nova.body, { accept: 'text/html' }, /application\/json/],
    [nova.modelId, nova.body, { trace: 'ENABLED' }, /Traces are not supported yet/],
    [nova.modelId, nova.body, { guardrailIdentifier: 'abc', guardrailVersion: '1' }, /Guardrails are not supported yet/],
    [nova.modelId, nova.body, { body: '{"messages":' }, /^Malformed input request, please reformat your input and try again\.$/],
    [nova.modelId, nova.body, { body: undefined }, /^Malformed input request/],
    [llama.modelId, { messages: [] }, {}, /^Malformed input request: #: required key \[prompt\] not found/],
    [claude.modelId, { ...claude.body, max_tokens: 1_000_000 }, {}, /64000/],
    [claude.modelId, { ...claude.body, max_tokens: undefined }, {}, /max_tokens: Field required/],
    ['amazon.rerank-v1:0', {}, {}, /bodies of the kind rerank are not built/],
    ['mistral.magistral-small-2509', {}, {}, /the form of its bodies is not known/],
    ['amazon.titan-embed-text-v2:0', { inputText: 'a', dimensions: 300 }, {}, /300 is not a valid enum value/],
    ['amazon.titan-embed-text-v2:0', { inputText: 'a' }, { serviceTier: 'flex' }, /service tier flex is not supported/],
  ];
  for (const [modelId, body, more, words] of cases) {
    const error = await refusal(invoke(modelId, body, more));
    assert.equal(error.name, 'ValidationException', `${modelId} ${error}`);
    assert.equal(error.$metadata.httpStatusCode, 400);
    assert.match(error.message, words);
  }
  const streaming = await refusal(chunksOf('amazon.titan-embed-text-v2:0', { inputText: 'a' }));
  assert.equal(streaming.message, 'The model is unsupported for streaming.');
  assert.match((await refusal(chunksOf(llama.modelId, {}))).message, /required key \[prompt\] not found/);
});

test('every type that includes JSON is accepted', async () => {
  const { modelId, body } = families.nova;
  for (const accept of ['*/*', 'application/json', 'text/html, application/json;q=0.5']) await invoke(modelId, body, { accept });
});

const dot = (a, b) => a.reduce((sum, number, i) => sum + number * b[i], 0);
const texts = ['The cat sleeps on the warm sofa.', 'A cat is sleeping on the sofa.', 'Quarterly revenue grew by nine percent.'];

const expectCloser = ([first, similar, unrelated]) => {
  assert.ok(dot(first, similar) > dot(first, unrelated) + 0.1, `${dot(first, similar)} and ${dot(first, unrelated)}`);
  for (const vector of [first, similar, unrelated]) assert.ok(Math.abs(dot(vector, vector) - 1) < 1e-4);
};

test('Titan: similar texts have closer embeddings, of the length that was asked for', async () => {
  const embed = async (modelId, body) => parsed(await invoke(modelId, body));
  const vectors = [];
  for (const inputText of texts) vectors.push((await embed('amazon.titan-embed-text-v2:0', { inputText, normalize: true })).embedding);
  expectCloser(vectors);
  const lengths = [];
  for (const dimensions of [undefined, 256, 512]) {
    lengths.push((await embed('amazon.titan-embed-text-v2:0', { inputText: 'a', dimensions })).embedding.length);
  }
  assert.deepEqual(lengths, [1024, 256, 512]);
  const first = await embed('amazon.titan-embed-text-v1', { inputText: texts[0] });
  assert.equal(first.embedding.length, 1536);
  assert.ok(first.inputTextTokenCount > 4);
});

test('Cohere: the embeddings of several texts come at once', async () => {
  for (const [modelId, length] of [['cohere.embed-english-v3', 1024], ['cohere.embed-v4:0', 1536]]) {
    const { embeddings } = parsed(await invoke(modelId, { texts, input_type: 'search_document' }));
    assert.deepEqual(embeddings.map((vector) => vector.length), [length, length, length]);
    expectCloser(embeddings);
  }
  const typed = parsed(await invoke('cohere.embed-v4:0', { texts, input_type: 'search_query', embedding_types: ['int8'], output_dimension: 256 }));
  assert.equal(typed.embeddings.int8[0].length, 256);
});

test('Cohere: a long text is embedded as its words are, however often they come', async () => {
  const long = texts[0].repeat(5000);
  const { embeddings } = parsed(await invoke('cohere.embed-v4:0', { texts: [texts[0], long], input_type: 'clustering' }));
  assert.ok(dot(...embeddings) > 0.8, `${dot(...embeddings)}`);
});

test('the headers of embeddings tell their input alone', async () => {
  const { headers } = await headersOf(new InvokeModelCommand(input('amazon.titan-embed-text-v2:0', { inputText: texts[0] })));
  assert.ok(Number(headers['x-amzn-bedrock-input-token-count']) > 4);
  assert.equal(headers['x-amzn-bedrock-output-token-count'], undefined);
});

// In an account of their own.
const account = (accessKeyId, region = 'us-east-1') =>
  new BedrockRuntimeClient(server.clientConfig({ region, credentials: { accessKeyId, secretAccessKey: 'x' } }));
const untilThrottled = async (send) => {
  for (let passed = 0; passed < 5000; passed++) {
    const error = await send().then(() => undefined, (refused) => refused);
    if (error) return { error, passed };
  }
  throw new Error('nothing was throttled');
};

test('InvokeModel, its stream and Converse share the requests of a minute', async () => {
  const { modelId, body } = families.jamba;
  const client = account('222233334444');
  const both = input(modelId, body);
  await client.send(new ConverseCommand({ modelId, messages: [{ role: 'user', content: [{ text: prompt }] }] }));
  const streamed = await client.send(new InvokeModelWithResponseStreamCommand(both));
  for await (const event of streamed.body) assert.ok(event.chunk);
  const { error, passed } = await untilThrottled(() => client.send(new InvokeModelCommand(both)));
  assert.equal(error.name, 'ThrottlingException');
  assert.equal(error.$metadata.httpStatusCode, 429);
  assert.equal(passed, 98);
  client.destroy();
});

test('embeddings are throttled by requests alone', async () => {
  const client = account('333344445555');
  const body = { texts: ['word '.repeat(400)], input_type: 'search_document' };
  const { error, passed } = await untilThrottled(() => client.send(new InvokeModelCommand(input('cohere.embed-v4:0', body))));
  assert.equal(error.message, 'Too many requests, please wait before trying again.');
  assert.equal(passed, 1000);
  client.destroy();
});

test('CloudWatch has what was invoked, streamed and embedded, by model', async () => {
  const { time } = await server.admin('clock', undefined, 'GET');
  await server.admin('clock/advance', { seconds: 120 });
  const cloudwatch = new CloudWatchClient(server.clientConfig());
  const sum = async (MetricName, modelId) => {
    const { Datapoints } = await cloudwatch.send(
      new GetMetricStatisticsCommand({
        Namespace: 'AWS/Bedrock',
        MetricName,
        Dimensions: [{ Name: 'ModelId', Value: modelId }],
        StartTime: new Date(new Date(time).getTime() - 3_600_000),
        EndTime: new Date(new Date(time).getTime() + 3_600_000),
        Period: 3600,
        Statistics: ['Sum', 'SampleCount'],
      }),
    );
    return Datapoints[0];
  };
  const { modelId } = families['titan-text'];
  assert.equal((await sum('Invocations', modelId)).Sum, 3);
  assert.equal((await sum('TimeToFirstToken', modelId)).SampleCount, 1);
  assert.ok((await sum('InputTokenCount', 'amazon.titan-embed-text-v2:0')).Sum > 20);
  assert.equal(await sum('OutputTokenCount', 'amazon.titan-embed-text-v2:0'), undefined);
  assert.ok((await sum('InvocationClientErrors', families.llama.modelId)).Sum >= 2);
});
