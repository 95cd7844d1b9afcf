// HTTP/2 through Node's own client and through the AWS SDK on it: many requests on one connection and one connection for
// each, large bodies, trailers, a server that ends, signatures over ":authority".
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http2 from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { BedrockRuntimeClient, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { NodeHttp2Handler } from '@smithy/node-http-handler';
import { Outcrop } from '../support/outcrop.mjs';

let server;
before(async () => {
  server = await Outcrop.start();
});
after(async () => {
  assert.equal(await server.stop(), 0, server.log);
});

const connect = async (endpoint = server.endpoint) => {
  const session = http2.connect(endpoint, { maxSessionMemory: 200 }); // megabytes, for a body that is handed over at once
  await new Promise((resolve, reject) => session.once('connect', resolve).once('error', reject));
  return session;
};
const request = (session, headers, body, trailers) =>
  new Promise((resolve, reject) => {
    const stream = session.request(headers, { waitForTrailers: Boolean(trailers), endStream: body === undefined });
    const answer = { body: '' };
    stream.setEncoding('utf8');
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    stream.on('response', (fields) => Object.assign(answer, { status: fields[':status'], fields }));
    stream.on('data', (text) => (answer.body += text));
    stream.on('error', reject);
    stream.on('close', () => resolve(answer));
    if (body !== undefined) stream.end(body);
  });
const health = { ':path': '/_outcrop/health' };

test('many requests share one connection', async () => {
  const session = await connect();
  const answers = await Promise.all(Array.from({ length: 500 }, () => request(session, health)));
  for (const answer of answers) {
    assert.equal(answer.status, 200);
    assert.ok(answer.fields.date);
  }
  session.close();
});

test('a connection for each request', async () => {
  for (let i = 0; i < 50; ++i) {
    const session = await connect();
    assert.equal((await request(session, health)).status, 200);
    session.close();
  }
});

test('a large body and its trailers are taken, and more than is allowed is refused before it was sent', async () => {
  const session = await connect();
  const query = { ':method': 'POST', ':path': '/', 'content-type': 'application/x-www-form-urlencoded' };
  const body = `Action=NoSuchAction&Version=2012-11-05&x=${'a'.repeat(900_000)}`;
  const answer = await request(session, query, body, { 'x-trailer': 'yes' });
  assert.ok(answer.status >= 400 && answer.status < 500, answer.body);
  const refused = await request(session, query, 'x='.padEnd(40_000_000, 'a'));
  assert.equal(refused.status, 413, refused.body);
  assert.equal((await request(session, health)).status, 200);
  session.close();
});

test('a server that ends says so and answers what runs', async () => {
  const ending = await Outcrop.start();
  const sqs = new SQSClient(ending.clientConfig());
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
  sqs.destroy();
  const session = await connect(ending.endpoint);
  const goaway = new Promise((resolve) => session.once('goaway', (code) => resolve(code)));
  const closed = new Promise((resolve) => session.once('close', resolve));
  const call = { ':method': 'POST', ':path': '/', 'x-amz-target': 'AmazonSQS.ReceiveMessage', 'content-type': 'application/x-amz-json-1.0' };
  const running = request(session, call, JSON.stringify({ QueueUrl, WaitTimeSeconds: 1 }));
  assert.equal((await request(session, health)).status, 200);
  const ended = ending.stop();
  assert.equal(await goaway, 0);
  assert.equal((await running).status, 200);
  await closed;
  assert.equal(await ended, 0, ending.log);
});

test('over TLS it is chosen by ALPN', async () => {
  const ca = await (await fetch(`${server.endpoint}/_outcrop/ca`)).text();
  const session = http2.connect(server.endpoint.replace('http:', 'https:'), { ca });
  const answers = await Promise.all(Array.from({ length: 100 }, () => request(session, health)));
  for (const answer of answers) assert.equal(answer.status, 200);
  assert.equal(session.alpnProtocol, 'h2');
  session.close();
});

const roundTrip = async (config, disableConcurrentStreams, count) => {
  const sqs = new SQSClient({ ...config, requestHandler: new NodeHttp2Handler({ disableConcurrentStreams }) });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `q${disableConcurrentStreams}` }));
  const bodies = Array.from({ length: count }, (_, i) => `${i}`.padEnd(100_000, 'x'));
  await Promise.all(bodies.map((MessageBody) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }))));
  const received = [];
  while (received.length < count) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 }));
    assert.ok(Messages.length > 0, 'messages are missing');
    received.push(...Messages.map((message) => message.Body));
    await Promise.all(Messages.map(({ ReceiptHandle }) => sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))));
  }
  assert.deepEqual(received.sort(), bodies.sort());
  sqs.destroy();
};

for (const disableConcurrentStreams of [true, false]) {
  test(`the SDK's SQS client over HTTP/2, disableConcurrentStreams ${disableConcurrentStreams}`, async () => {
    await roundTrip(server.clientConfig(), disableConcurrentStreams, 40);
  });
}

test('signatures over :authority are verified', async () => {
  const credentials = { accessKeyId: 'AKIAOWNER00000000000', secretAccessKey: 'owner-secret' };
  const folder = await mkdtemp(join(tmpdir(), 'outcrop-'));
  const config = join(folder, 'outcrop.yaml');
  const key = `{access_key_id: ${credentials.accessKeyId}, secret_access_key: ${credentials.secretAccessKey}, account: "111111111111"}`;
  await writeFile(config, `auth: enforce\ncredentials:\n  - ${key}\n`, { mode: 0o600 });
  const enforced = await Outcrop.start('--config', config);
  try {
    for (const disableConcurrentStreams of [true, false]) await roundTrip(enforced.clientConfig({ credentials }), disableConcurrentStreams, 20);
    const wrong = enforced.clientConfig({ credentials: { ...credentials, secretAccessKey: 'wrong' } });
    const error = await roundTrip(wrong, true, 1).catch((error) => error);
    assert.equal(error.$metadata?.httpStatusCode, 403, String(error));
    assert.match(error.name, /SignatureDoesNotMatch|InvalidSignatureException/);
  } finally {
    assert.equal(await enforced.stop(), 0, enforced.log);
    await rm(folder, { recursive: true });
  }
});

test('a Bedrock client, which speaks HTTP/2 by itself, gets an AWS error for what is not there yet', async () => {
  const bedrock = new BedrockRuntimeClient(server.clientConfig());
  const calls = Array.from({ length: 10 }, () =>
    bedrock.send(new InvokeModelCommand({ modelId: 'anthropic.claude-3-haiku-20240307-v1:0', body: '{}' })).catch((error) => error),
  );
  for (const error of await Promise.all(calls)) {
    assert.ok(error.$metadata?.httpStatusCode >= 400, String(error));
    assert.ok(error.$metadata.requestId, String(error));
  }
  bedrock.destroy();
});
