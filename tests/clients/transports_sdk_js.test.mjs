// The same SDK program over every transport, with identities enforced and not: what an application sees does not depend on how it
// came. The program is a day at a queue, with its errors, and a role's credentials that end.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as sqsSdk from '@aws-sdk/client-sqs';
import * as stsSdk from '@aws-sdk/client-sts';
import { NodeHttp2Handler, NodeHttpHandler } from '@smithy/node-http-handler';
import { Outcrop } from '../support/outcrop.mjs';

const account = '123456789012';
const owner = { accessKeyId: 'AKIAOWNEROWNEROWNER1', secretAccessKey: 'owners-secret' };
const roleArn = `arn:aws:iam::${account}:role/worker`;
const limits = { timeout: 120_000 };

let folder;
const servers = {};
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outcrop-transports-'));
  const config = join(folder, 'outcrop.yaml');
  const key = `{access_key_id: ${owner.accessKeyId}, secret_access_key: ${owner.secretAccessKey}, account: "${account}"}`;
  await writeFile(config, `credentials:\n  - ${key}\n`, { mode: 0o600 });
  servers.open = await Outcrop.start('--clock', 'manual');
  servers.enforce = await Outcrop.start('--clock', 'manual', '--auth', 'enforce', '--config', config);
  servers.enforce.administrator = owner;
  for (const server of Object.values(servers)) server.ca = await (await fetch(`${server.endpoint}/_outcrop/ca`)).text();
});
after(async () => {
  for (const server of Object.values(servers)) assert.equal(await server.stop(), 0, server.log);
  await rm(folder, { recursive: true });
});

const transports = {
  'HTTP/1.1': { scheme: 'http', handler: () => new NodeHttpHandler() },
  'HTTP/2 by prior knowledge': { scheme: 'http', handler: () => new NodeHttp2Handler() },
  'HTTP/2, a connection a request': { scheme: 'http', handler: () => new NodeHttp2Handler({ disableConcurrentStreams: true }) },
  'HTTPS': { scheme: 'https', handler: (ca) => new NodeHttpHandler({ httpsAgent: new https.Agent({ ca, keepAlive: true }) }) },
  'HTTPS with HTTP/2 by ALPN': { scheme: 'https', handler: (ca) => new NodeHttp2Handler({ nodeHttp2ConnectOptions: { ca } }) },
};

const isFault = (name, status) => (error) => {
  assert.equal(error.name, name, String(error));
  assert.equal(error.$metadata.httpStatusCode, status);
  assert.match(error.$metadata.requestId ?? '', /^[0-9a-f-]{36}$/);
  return true;
};

// A queue's day: what is sent is received and deleted, and what is wrong is told as AWS tells it.
async function useQueue(sqs, QueueName) {
  const send = (Command, input) => sqs.send(new sqsSdk[`${Command}Command`](input));
  const { QueueUrl } = await send('CreateQueue', { QueueName });
  const bodies = Array.from({ length: 20 }, (_, i) => `${i} κόσμε 😀`.padEnd(i * 2_500, 'x'));
  await Promise.all(bodies.map((MessageBody) => send('SendMessage', { QueueUrl, MessageBody })));
  const received = [];
  while (received.length < bodies.length) {
    const { Messages = [] } = await send('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
    assert.ok(Messages.length > 0, 'messages are missing');
    received.push(...Messages.map(({ Body }) => Body));
    const { Failed } = await send('DeleteMessageBatch', {
      QueueUrl,
      Entries: [...Messages.map(({ ReceiptHandle }, i) => ({ Id: `${i}`, ReceiptHandle })), ...(Messages.length < 10 ? [{ Id: 'bad', ReceiptHandle: 'none' }] : [])],
    });
    assert.deepEqual((Failed ?? []).map(({ Id, Code }) => [Id, Code]), Messages.length < 10 ? [['bad', 'ReceiptHandleIsInvalid']] : []);
  }
  assert.deepEqual(received.sort(), bodies.sort());
  await assert.rejects(send('SendMessage', { QueueUrl: `${QueueUrl}-none`, MessageBody: 'x' }), isFault('QueueDoesNotExist', 400));
  await assert.rejects(send('SendMessage', { QueueUrl, MessageBody: '\u0000' }), isFault('InvalidMessageContents', 400));
  await send('DeleteQueue', { QueueUrl });
}

// A role's credentials, until they end.
async function useRole(client, server, mode, name) {
  const { Credentials: made, AssumedRoleUser } = await client(stsSdk.STSClient).send(
    new stsSdk.AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: name, DurationSeconds: 900 }),
  );
  assert.equal(AssumedRoleUser.Arn, `arn:aws:sts::${account}:assumed-role/worker/${name}`);
  const temporary = { accessKeyId: made.AccessKeyId, secretAccessKey: made.SecretAccessKey, sessionToken: made.SessionToken };
  const identity = await client(stsSdk.STSClient, temporary).send(new stsSdk.GetCallerIdentityCommand({}));
  assert.equal(identity.Arn, AssumedRoleUser.Arn);
  const sqs = client(sqsSdk.SQSClient, temporary);
  await useQueue(sqs, `${name}-by-role`);
  await server.admin('clock/advance', { duration: '899s' });
  await sqs.send(new sqsSdk.ListQueuesCommand({}));
  await server.admin('clock/advance', { duration: '1s' });
  await assert.rejects(sqs.send(new sqsSdk.ListQueuesCommand({})), isFault('ExpiredToken', 403));
  if (mode === 'open') return;
  const guessed = client(sqsSdk.SQSClient, { ...owner, secretAccessKey: 'guessed' });
  await assert.rejects(guessed.send(new sqsSdk.ListQueuesCommand({})), isFault('SignatureDoesNotMatch', 403));
}

for (const mode of ['open', 'enforce']) {
  for (const [transport, { scheme, handler }] of Object.entries(transports)) {
    test(`${transport}, ${mode}`, limits, async () => {
      const server = servers[mode];
      const requestHandler = handler(server.ca);
      const client = (Client, credentials = mode === 'open' ? { accessKeyId: account, secretAccessKey: 'any' } : owner) =>
        new Client(server.clientConfig({ endpoint: server.endpoint.replace('http', scheme), credentials, requestHandler }));
      const name = transport.replaceAll(/[^A-Za-z0-9]+/g, '-');
      await useQueue(client(sqsSdk.SQSClient), name);
      await useRole(client, server, mode, name);
      requestHandler.destroy();
    });
  }
}
