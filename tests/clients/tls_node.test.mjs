// Node's own client and the AWS SDK for JavaScript v3 over https, with the authority given as functions get it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Outcrop } from '../support/outcrop.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
let server, endpoint, data, authority;
before(async () => {
  data = mkdtempSync(path.join(tmpdir(), 'outcrop-tls-'));
  server = await Outcrop.start('--data', data);
  endpoint = server.endpoint.replace('http:', 'https:');
  authority = path.join(data, 'tls', 'ca.pem');
});
after(async () => {
  assert.equal(await server.stop(), 0, server.log);
  rmSync(data, { recursive: true });
});

const get = (url, options) =>
  new Promise((resolve, reject) => {
    const request = https.get(url, options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => (text += part)).on('end', () => resolve({ status: response.statusCode, text, response }));
    });
    request.on('error', reject);
  });

test('https with the authority the server answers', async () => {
  const ca = await (await fetch(`${server.endpoint}/_outcrop/ca`)).text();
  const agent = new https.Agent({ ca, keepAlive: true, maxSockets: 1 });
  for (let i = 0; i < 3; ++i) {
    const { status, text } = await get(`${endpoint}/_outcrop/health`, { agent });
    assert.equal(status, 200);
    assert.equal(JSON.parse(text).status, 'ok');
  }
  agent.destroy();
});

test('https without it is refused', async () => {
  await assert.rejects(get(`${endpoint}/_outcrop/health`, {}), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
});

test('the SDK with NODE_EXTRA_CA_CERTS', async () => {
  const script = `
    import * as sdk from '@aws-sdk/client-sqs';
    const sqs = new sdk.SQSClient({ endpoint: process.argv[1], region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
    const { QueueUrl } = await sqs.send(new sdk.CreateQueueCommand({ QueueName: 'node' }));
    await sqs.send(new sdk.SendMessageCommand({ QueueUrl, MessageBody: 'by TLS' }));
    const { Messages } = await sqs.send(new sdk.ReceiveMessageCommand({ QueueUrl }));
    sqs.destroy();
    console.log(QueueUrl, Messages[0].Body);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, endpoint], {
    cwd: root,
    env: { ...process.env, NODE_EXTRA_CA_CERTS: authority },
  });
  assert.equal(stdout, `${endpoint}/000000000000/node by TLS\n`);
});
