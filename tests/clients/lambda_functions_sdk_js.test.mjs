// Functions, versions and aliases through the AWS SDK for JavaScript v3: made, waited for, changed, published, listed and deleted.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import * as sdk from '@aws-sdk/client-lambda';
import { Outcrop, refusal } from '../support/outcrop.mjs';
import { zipOf } from '../support/zip.mjs';

const Role = 'arn:aws:iam::000000000000:role/orders';
const arnOf = (name) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const packageOf = (text) => zipOf({ 'index.mjs': `export const handler = async () => '${text}';\n` });

let server, lambda;
before(async () => {
  server = await Outcrop.start();
  lambda = new sdk.LambdaClient(server.clientConfig({ region: 'us-east-1' }));
});
after(async () => assert.equal(await server.stop(), 0, server.log));

const waiting = (FunctionName, Qualifier) => [{ client: lambda, maxWaitTime: 20, minDelay: 1 }, { FunctionName, Qualifier }];
async function make(FunctionName, more = {}) {
  const made = await lambda.send(new sdk.CreateFunctionCommand({
    FunctionName, Role, Runtime: 'nodejs20.x', Handler: 'index.handler', Code: { ZipFile: packageOf('1') }, ...more }));
  await sdk.waitUntilFunctionActiveV2(...waiting(FunctionName));
  return made;
}
const get = (FunctionName, Qualifier) => lambda.send(new sdk.GetFunctionCommand({ FunctionName, Qualifier }));

test('a function as it is made and as it is told', async () => {
  const made = await make('orders', { Description: 'Takes orders', Environment: { Variables: { STAGE: 'test' } }, Tags: { team: 'sales' } });
  assert.equal(made.State, 'Pending');
  assert.equal(made.CodeSha256, createHash('sha256').update(packageOf('1')).digest('base64'));
  const { Configuration, Tags, Code } = await get('orders');
  assert.equal(Configuration.State, 'Active');
  assert.equal(Configuration.LastUpdateStatus, 'Successful');
  assert.equal(Configuration.FunctionArn, arnOf('orders'));
  assert.deepEqual(Configuration.Environment, { Variables: { STAGE: 'test' } });
  assert.match(Configuration.LastModified, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
  assert.deepEqual(Tags, { team: 'sales' });
  assert.equal(Code.RepositoryType, 'S3');
});

test('the package can be had where GetFunction says, and not by whoever guesses', async () => {
  await make('download');
  const { Code } = await get('download');
  const answer = await fetch(Code.Location);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'application/zip');
  assert.deepEqual(Buffer.from(await answer.arrayBuffer()), packageOf('1'));
  const forged = Code.Location.replace(/Expires=\d/, 'Expires=9');
  assert.equal((await fetch(forged)).status, 403);
  assert.equal((await fetch(Code.Location.split('?')[0])).status, 403);
});

test('code and configuration change, and versions keep what they were made of', async () => {
  await make('changing', { Publish: true });
  const updated = await lambda.send(new sdk.UpdateFunctionCodeCommand({ FunctionName: 'changing', ZipFile: packageOf('2') }));
  assert.equal(updated.LastUpdateStatus, 'InProgress');
  await sdk.waitUntilFunctionUpdatedV2(...waiting('changing'));
  await lambda.send(new sdk.UpdateFunctionConfigurationCommand({ FunctionName: 'changing', MemorySize: 512, Timeout: 60 }));
  await sdk.waitUntilFunctionUpdatedV2(...waiting('changing'));
  const second = await lambda.send(new sdk.PublishVersionCommand({ FunctionName: 'changing', Description: 'The second' }));
  assert.equal(second.Version, '2');
  await sdk.waitUntilPublishedVersionActive(...waiting('changing', '2'));
  assert.equal((await get('changing', '1')).Configuration.MemorySize, 128);
  assert.equal((await get('changing', '2')).Configuration.MemorySize, 512);
  const { Versions } = await lambda.send(new sdk.ListVersionsByFunctionCommand({ FunctionName: 'changing' }));
  assert.deepEqual(Versions.map((version) => version.Version), ['$LATEST', '1', '2']);
});

test('aliases', async () => {
  await make('named', { Publish: true });
  const created = await lambda.send(new sdk.CreateAliasCommand({ FunctionName: 'named', Name: 'live', FunctionVersion: '1', Description: 'What runs' }));
  assert.equal(created.AliasArn, `${arnOf('named')}:live`);
  assert.equal((await get(created.AliasArn)).Configuration.Version, '1');
  const moved = await lambda.send(new sdk.UpdateAliasCommand({ FunctionName: 'named', Name: 'live', FunctionVersion: '$LATEST', RevisionId: created.RevisionId }));
  assert.equal(moved.FunctionVersion, '$LATEST');
  assert.equal(moved.Description, 'What runs');
  const stale = lambda.send(new sdk.UpdateAliasCommand({ FunctionName: 'named', Name: 'live', RevisionId: created.RevisionId }));
  assert.equal((await refusal(stale)).name, 'PreconditionFailedException');
  await lambda.send(new sdk.DeleteAliasCommand({ FunctionName: 'named', Name: 'live' }));
  assert.equal((await refusal(lambda.send(new sdk.GetAliasCommand({ FunctionName: 'named', Name: 'live' })))).name, 'ResourceNotFoundException');
});

test('lists, page by page', async () => {
  for (const name of ['list-a', 'list-b', 'list-c']) await make(name, { Publish: true });
  const names = [];
  for await (const page of sdk.paginateListFunctions({ client: lambda, pageSize: 2 }, {})) names.push(...page.Functions.map((entry) => entry.FunctionName));
  assert.deepEqual(names.filter((name) => name.startsWith('list-')), ['list-a', 'list-b', 'list-c']);
  const arns = [];
  for await (const page of sdk.paginateListFunctions({ client: lambda, pageSize: 3 }, { FunctionVersion: 'ALL' })) arns.push(...page.Functions.map((entry) => entry.FunctionArn));
  assert.ok(arns.includes(`${arnOf('list-b')}:$LATEST`) && arns.includes(`${arnOf('list-b')}:1`));
});

test('errors are AWS\'s', async () => {
  const gone = await refusal(get('nowhere'));
  assert.equal(gone.name, 'ResourceNotFoundException');
  assert.equal(gone.message, `Function not found: ${arnOf('nowhere')}`);
  assert.equal(gone.Type, 'User');
  assert.equal(gone.$metadata.httpStatusCode, 404);
  const other = await refusal(get('arn:aws:lambda:eu-central-1:000000000000:function:orders'));
  assert.equal(other.message, "Functions from 'eu-central-1' are not reachable in this region ('us-east-1')");
  const invalid = await refusal(get('*'));
  assert.equal(invalid.name, 'ValidationException');
  assert.match(invalid.message, /^1 validation error detected: Value '\*' at 'functionName' failed to satisfy constraint/);
  const broken = await refusal(make('broken', { Code: { ZipFile: Buffer.from('no archive') } }));
  assert.equal(broken.name, 'InvalidParameterValueException');
  const stored = await refusal(make('stored', { Code: { S3Bucket: 'packages', S3Key: 'orders.zip' } }));
  assert.match(stored.message, /S3Bucket/);
  const old = await refusal(make('old', { Runtime: 'nodejs12.x' }));
  assert.equal(old.message, 'The runtime parameter of nodejs12.x is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.');
});

test('a function goes with everything of it', async () => {
  await make('going', { Publish: true });
  await lambda.send(new sdk.CreateAliasCommand({ FunctionName: 'going', Name: 'live', FunctionVersion: '1' }));
  await lambda.send(new sdk.DeleteFunctionCommand({ FunctionName: 'going' }));
  for (const qualifier of [undefined, '1', 'live']) assert.equal((await refusal(get('going', qualifier))).name, 'ResourceNotFoundException');
  await make('going');
  const { Versions } = await lambda.send(new sdk.ListVersionsByFunctionCommand({ FunctionName: 'going' }));
  assert.equal(Versions.length, 1);
});

test('functions outlive a restart, and their code is unpacked again', async () => {
  const data = await mkdtemp(path.join(os.tmpdir(), 'outcrop-'));
  try {
    const first = await Outcrop.start('--data', data);
    const client = new sdk.LambdaClient(first.clientConfig({ region: 'us-east-1' }));
    await client.send(new sdk.CreateFunctionCommand({ FunctionName: 'kept', Role, Runtime: 'nodejs20.x', Handler: 'index.handler', Code: { ZipFile: packageOf('1') } }));
    assert.equal(await first.stop(), 0);
    const second = await Outcrop.start('--data', data);
    const again = new sdk.LambdaClient(second.clientConfig({ region: 'us-east-1' }));
    await sdk.waitUntilFunctionActiveV2({ client: again, maxWaitTime: 20, minDelay: 1 }, { FunctionName: 'kept' });
    assert.equal(await second.stop(), 0);
  } finally {
    await rm(data, { recursive: true });
  }
});

test('functions start where the data directory was given relative to where the server was started', async () => {
  const data = await mkdtemp(path.join(os.tmpdir(), 'outcrop-'));
  try {
    const relative = await Outcrop.start('--data', path.relative(process.cwd(), data));
    const client = new sdk.LambdaClient(relative.clientConfig({ region: 'us-east-1' }));
    await client.send(new sdk.CreateFunctionCommand({ FunctionName: 'near', Role, Runtime: 'nodejs20.x', Handler: 'index.handler', Code: { ZipFile: packageOf('1') } }));
    await sdk.waitUntilFunctionActiveV2({ client, maxWaitTime: 20, minDelay: 1 }, { FunctionName: 'near' });
    const { FunctionError, Payload } = await client.send(new sdk.InvokeCommand({ FunctionName: 'near' }));
    assert.deepEqual([FunctionError, Payload.transformToString()], [undefined, '"1"']);
    assert.equal(await relative.stop(), 0);
  } finally {
    await rm(data, { recursive: true });
  }
});
