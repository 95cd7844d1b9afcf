// Spans and metrics of model invocations, as a collector gets them over OTLP/HTTP; the SDK's calls are what is told of.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import { Outcrop, refusal } from '../support/outcrop.mjs';

const modelId = 'amazon.nova-lite-v1:0';
const question = { modelId, messages: [{ role: 'user', content: [{ text: 'Copies cost two crowns. How much do copies cost?' }] }] };

// The collector: keeps what comes, and wakes who waits for it.
const spans = [];
let metrics = new Map(); // by name, as they came last
let requests = 0, refusals = 0, wake;
let collector, folder, outcrop, bedrock;

function take(request, body) {
  assert.equal(request.method, 'POST');
  assert.equal(request.headers['content-type'], 'application/json');
  assert.equal(request.headers['x-tenant'], 'archive');
  assert.equal(request.headers.authorization, 'Bearer of-the-collector');
  const told = JSON.parse(body);
  const [{ resource, ...scopes }] = told.resourceSpans ?? told.resourceMetrics;
  const named = attributes(resource);
  assert.equal(named['service.name'], 'library');
  assert.equal(named['deployment.environment.name'], 'test');
  assert.match(named['service.instance.id'], /^[0-9a-f-]{36}$/);
  if (request.url === '/otlp/v1/traces') spans.push(...scopes.scopeSpans[0].spans);
  else if (request.url === '/otlp/v1/metrics') metrics = new Map(scopes.scopeMetrics[0].metrics.map((metric) => [metric.name, metric.histogram.dataPoints]));
  else assert.fail(request.url);
}

before(async () => {
  collector = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    ++requests;
    if (refusals > 0 && request.url.endsWith('/traces')) {
      --refusals;
      response.writeHead(503, { 'retry-after': '1' }).end();
      return;
    }
    try {
      take(request, body);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    } catch (error) {
      failure ??= error;
      response.writeHead(400).end();
    }
    wake?.();
  });
  await new Promise((resolve) => collector.listen(0, '127.0.0.1', resolve));
  folder = await mkdtemp(join(tmpdir(), 'outcrop-telemetry-'));
  const config = join(folder, 'outcrop.yaml');
  await writeFile(
    config,
    `telemetry:
  endpoint: http://127.0.0.1:${collector.address().port}/otlp
  headers: {x-tenant: archive}
  headers_env: {authorization: COLLECTOR_KEY}
  service_name: library
  resource: {deployment.environment.name: test}
  traces_interval: 20ms
  metrics_interval: 50ms
`,
    { mode: 0o600 },
  );
  process.env.COLLECTOR_KEY = 'Bearer of-the-collector';
  outcrop = await Outcrop.start('--config', config);
  bedrock = new BedrockRuntimeClient(outcrop.clientConfig());
});
after(async () => {
  bedrock.destroy();
  assert.equal(await outcrop.stop(), 0, outcrop.log);
  collector.closeAllConnections();
  await new Promise((resolve) => collector.close(resolve));
  await rm(folder, { recursive: true });
});

let failure;
// Waits until `find` finds something in what came; at most half a minute.
async function until(find) {
  const deadline = performance.now() + 30_000;
  for (;;) {
    if (failure) throw failure;
    const found = find();
    if (found) return found;
    if (performance.now() > deadline) throw new Error(`it never came; spans: ${JSON.stringify(spans)}`);
    await Promise.race([new Promise((resolve) => (wake = resolve)), new Promise((resolve) => setTimeout(resolve, 1000))]);
  }
}
const value = ({ stringValue, intValue, doubleValue, boolValue, arrayValue }) =>
  stringValue ?? (intValue !== undefined ? Number(intValue) : undefined) ?? doubleValue ?? boolValue ?? arrayValue.values.map(value);
const attributes = ({ attributes }) => Object.fromEntries(attributes.map((attribute) => [attribute.key, value(attribute.value)]));

// Sends a command with headers of its own, as a tracing library would add them.
async function sendWith(headers, command) {
  command.middlewareStack.add((next) => (args) => next({ ...args, request: Object.assign(args.request, { headers: { ...args.request.headers, ...headers } }) }), {
    step: 'build',
  });
  return bedrock.send(command);
}
const spanOf = (traceId) => until(() => spans.find((span) => span.traceId === traceId));

test('Converse is a span under its caller\'s, in the words of the conventions for generative AI', async () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const input = { ...question, inferenceConfig: { maxTokens: 50, temperature: 0.5, topP: 0.75, stopSequences: ['END'] }, requestMetadata: { team: 'archive' } };
  const answer = await sendWith({ traceparent: `00-${traceId}-b7ad6b7169203331-01` }, new ConverseCommand(input));
  const span = await spanOf(traceId);
  assert.equal(span.name, `chat ${modelId}`);
  assert.equal(span.kind, 3);
  assert.equal(span.parentSpanId, 'b7ad6b7169203331');
  assert.match(span.spanId, /^[0-9a-f]{16}$/);
  assert.ok(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano));
  assert.ok(Math.abs(Number(BigInt(span.startTimeUnixNano) / 1_000_000n) - Date.now()) < 60_000);
  assert.deepEqual(span.status, {});
  const { port } = new URL(outcrop.endpoint);
  assert.deepEqual(attributes(span), {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'aws.bedrock',
    'gen_ai.request.model': modelId,
    'gen_ai.response.model': modelId,
    'gen_ai.request.max_tokens': 50,
    'gen_ai.request.temperature': 0.5,
    'gen_ai.request.top_p': 0.75,
    'gen_ai.request.stop_sequences': ['END'],
    'gen_ai.response.finish_reasons': ['end_turn'],
    'gen_ai.usage.input_tokens': answer.usage.inputTokens,
    'gen_ai.usage.output_tokens': answer.usage.outputTokens,
    'server.address': '127.0.0.1',
    'server.port': Number(port),
    'aws.request_id': answer.$metadata.requestId,
    'aws.bedrock.request_metadata.team': 'archive',
    'cloud.account.id': '000000000000',
    'cloud.region': 'us-east-1',
  });
  assert.doesNotMatch(JSON.stringify(spans), /crowns/);
});

test('a stream is one span, with its time to the first chunk; X-Ray\'s header names its parent too', async () => {
  const header = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';
  const { stream } = await sendWith({ 'x-amzn-trace-id': header }, new ConverseStreamCommand(question));
  for await (const event of stream) void event;
  const span = await spanOf('5759e988bd862e3fe1be46a994272793');
  assert.equal(span.parentSpanId, '53995c3f42cd8ad8');
  const told = attributes(span);
  assert.equal(told['gen_ai.request.stream'], true);
  assert.ok(told['gen_ai.response.time_to_first_chunk'] >= 0);
  assert.deepEqual(told['gen_ai.response.finish_reasons'], ['end_turn']);
});

test('a caller that does not sample is not told of', async () => {
  await sendWith({ traceparent: '00-11111111111111111111111111111111-b7ad6b7169203331-00' }, new ConverseCommand(question));
  await sendWith({ traceparent: '00-22222222222222222222222222222222-b7ad6b7169203331-01' }, new ConverseCommand(question));
  await spanOf('22222222222222222222222222222222');
  assert.ok(!spans.some((span) => span.traceId === '11111111111111111111111111111111'));
});

test('a refusal ends a span with its error', async () => {
  const traceId = '33333333333333333333333333333333';
  const image = { image: { format: 'png', source: { bytes: new Uint8Array([1]) } } };
  const refused = { modelId, messages: [{ role: 'user', content: [image] }] };
  await refusal(sendWith({ traceparent: `00-${traceId}-b7ad6b7169203331-01` }, new ConverseCommand(refused)));
  const span = await spanOf(traceId);
  assert.equal(span.status.code, 2);
  assert.match(span.status.message, /reads text only/);
  assert.equal(attributes(span)['error.type'], 'ValidationException');
});

test('embeddings are an operation of their own', async () => {
  const traceId = '44444444444444444444444444444444';
  const command = new InvokeModelCommand({ modelId: 'amazon.titan-embed-text-v2:0', body: '{"inputText":"copies"}', contentType: 'application/json' });
  await sendWith({ traceparent: `00-${traceId}-b7ad6b7169203331-01` }, command);
  const span = await spanOf(traceId);
  assert.equal(span.name, 'embeddings amazon.titan-embed-text-v2:0');
  assert.ok(attributes(span)['gen_ai.usage.input_tokens'] > 0);
});

test('metrics are histograms in the recommended buckets', async () => {
  const has = (name, more) => until(() => metrics.get(name)?.find((point) => Object.entries(more).every(([key, wanted]) => attributes(point)[key] === wanted)));
  const input = await has('gen_ai.client.token.usage', { 'gen_ai.token.type': 'input', 'gen_ai.request.model': modelId });
  assert.deepEqual(input.explicitBounds, [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864]);
  assert.equal(input.bucketCounts.length, 15);
  assert.equal(Number(input.count), input.bucketCounts.reduce((sum, count) => sum + Number(count), 0));
  assert.ok(input.sum > 0 && input.min > 0 && input.max >= input.min);
  assert.equal(attributes(input)['gen_ai.provider.name'], 'aws.bedrock');
  await has('gen_ai.client.token.usage', { 'gen_ai.token.type': 'output' });
  const duration = await has('gen_ai.client.operation.duration', { 'gen_ai.operation.name': 'chat', 'gen_ai.response.model': modelId });
  assert.deepEqual(duration.explicitBounds.slice(0, 3), [0.01, 0.02, 0.04]);
  await has('gen_ai.client.operation.duration', { 'error.type': 'ValidationException' });
  await has('gen_ai.client.operation.duration', { 'gen_ai.operation.name': 'embeddings' });
  await has('gen_ai.server.time_to_first_token', { 'gen_ai.request.model': modelId });
  await has('gen_ai.server.time_per_output_token', { 'gen_ai.request.model': modelId });
});

test('what a collector refuses for now comes again', async () => {
  refusals = 1;
  const traceId = '55555555555555555555555555555555';
  await sendWith({ traceparent: `00-${traceId}-b7ad6b7169203331-01` }, new ConverseCommand(question));
  await spanOf(traceId);
  assert.equal(refusals, 0);
  await outcrop.until(/outcrop_telemetry_spans_total\{outcome="exported"\} [1-9]/);
});

test('what is left when the server ends comes before it has gone', async () => {
  const config = join(folder, 'slow.yaml');
  await writeFile(config, `telemetry: {endpoint: "http://127.0.0.1:${collector.address().port}/otlp", headers: {x-tenant: archive}, headers_env: {authorization: COLLECTOR_KEY}, service_name: library, resource: {deployment.environment.name: test}, traces_interval: 10m}\n`, { mode: 0o600 });
  const slow = await Outcrop.start('--config', config);
  const client = new BedrockRuntimeClient(slow.clientConfig());
  const before = spans.length;
  await client.send(new ConverseCommand(question));
  client.destroy();
  assert.equal(await slow.stop(), 0, slow.log);
  assert.equal(spans.length, before + 1);
});
