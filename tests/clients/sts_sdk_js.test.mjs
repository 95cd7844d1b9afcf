// STS through the AWS SDK for JavaScript v3, identities enforced: a role's credentials call SQS until they end.
import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPairSync, sign } from 'node:crypto';
import { after, before, test } from 'node:test';
import * as sqsSdk from '@aws-sdk/client-sqs';
import * as sdk from '@aws-sdk/client-sts';
import { Outcrop } from '../support/outcrop.mjs';

const account = '123456789012';
const roleArn = `arn:aws:iam::${account}:role/worker`;
const alice = { accessKeyId: 'AKIAALICEALICEALICE1', secretAccessKey: 'alices-secret' };
const issuer = 'https://token.example.com';
const provider = generateKeyPairSync('rsa', { modulusLength: 2048 });

let folder, server;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outcrop-sts-'));
  const jwk = { ...provider.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256' };
  await writeFile(join(folder, 'keys.json'), JSON.stringify({ keys: [jwk] }));
  const file = join(folder, 'outcrop.yaml');
  await writeFile(
    file,
    `credentials:
  - {access_key_id: ${alice.accessKeyId}, secret_access_key: ${alice.secretAccessKey}, account: "${account}"}
web_identity_issuers:
  - {issuer: "${issuer}", audiences: sts.amazonaws.com, subjects: "*", jwks_file: keys.json}
`,
  );
  await chmod(file, 0o600);
  server = await Outcrop.start('--auth', 'enforce', '--config', file);
});
after(async () => {
  assert.equal(await server.stop(), 0, server.log);
  await rm(folder, { recursive: true });
});

const client = (Client, credentials = alice) => new Client(server.clientConfig({ credentials }));
const credentialsOf = ({ Credentials: made }) => ({
  accessKeyId: made.AccessKeyId,
  secretAccessKey: made.SecretAccessKey,
  sessionToken: made.SessionToken,
});
const token = (claims) => {
  const encode = (part) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const text = `${encode({ alg: 'RS256', kid: 'one' })}.${encode(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), provider.privateKey).toString('base64url')}`;
};
const inAnHour = () => Math.floor(Date.now() / 1000) + 3600;

test('a role calls SQS', async () => {
  const answer = await client(sdk.STSClient).send(new sdk.AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'alice' }));
  assert.equal(answer.AssumedRoleUser.Arn, `arn:aws:sts::${account}:assumed-role/worker/alice`);
  const sqs = client(sqsSdk.SQSClient, credentialsOf(answer));
  const { QueueUrl } = await sqs.send(new sqsSdk.CreateQueueCommand({ QueueName: 'work' }));
  await sqs.send(new sqsSdk.SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));
  const wrong = client(sqsSdk.SQSClient, { ...credentialsOf(answer), secretAccessKey: 'guessed' });
  await assert.rejects(wrong.send(new sqsSdk.SendMessageCommand({ QueueUrl, MessageBody: 'x' })), (error) => {
    assert.equal(error.name, 'SignatureDoesNotMatch');
    return true;
  });
});

test('a web identity needs no credentials', async () => {
  const input = { RoleArn: roleArn, RoleSessionName: 'build' };
  const claims = { iss: issuer, sub: 'repo:octo/app', aud: 'sts.amazonaws.com', exp: inAnHour() };
  const anyone = new sdk.STSClient({ ...server.clientConfig(), credentials: undefined });
  const answer = await anyone.send(new sdk.AssumeRoleWithWebIdentityCommand({ ...input, WebIdentityToken: token(claims) }));
  assert.equal(answer.SubjectFromWebIdentityToken, 'repo:octo/app');
  const identity = await client(sdk.STSClient, credentialsOf(answer)).send(new sdk.GetCallerIdentityCommand({}));
  assert.equal(identity.Arn, `arn:aws:sts::${account}:assumed-role/worker/build`);
  for (const [wrong, name] of [
    [{ aud: 'elsewhere' }, 'InvalidIdentityToken'],
    [{ iss: 'https://other.example.com' }, 'InvalidIdentityToken'],
    [{ exp: 1 }, 'ExpiredTokenException'],
  ]) {
    const call = anyone.send(new sdk.AssumeRoleWithWebIdentityCommand({ ...input, WebIdentityToken: token({ ...claims, ...wrong }) }));
    await assert.rejects(call, (error) => {
      assert.ok([name, `${name}Exception`].includes(error.name), error.name);
      return true;
    });
  }
});
