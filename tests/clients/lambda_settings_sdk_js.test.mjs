// What surrounds functions, through the AWS SDK for JavaScript v3: permissions, concurrency, asynchronous events, tags, the account.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import * as sdk from '@aws-sdk/client-lambda';
import * as quotas from '@aws-sdk/client-service-quotas';
import { Outcrop, refusal } from '../support/outcrop.mjs';
import { zipOf } from '../support/zip.mjs';

const code = { ZipFile: zipOf({ 'index.mjs': 'export const handler = async (event) => event;\n' }) };
const arn = (rest) => `arn:aws:lambda:us-east-1:000000000000:function:${rest}`;
const FunctionName = 'orders';
const s3 = { FunctionName, StatementId: 's3', Action: 'lambda:InvokeFunction', Principal: 's3.amazonaws.com', SourceArn: 'arn:aws:s3:::uploads' };

let server, lambda;
before(async () => {
  server = await Outcrop.start();
  lambda = new sdk.LambdaClient(server.clientConfig());
});
after(async () => assert.equal(await server.stop(), 0, server.log));
beforeEach(async () => {
  await server.admin('reset', {});
  await create(FunctionName);
});

const send = (name, input) => lambda.send(new sdk[`${name}Command`](input));
async function refused(name, input, error, message) {
  const caught = await refusal(send(name, input));
  assert.equal(caught.name, error);
  if (message) assert.equal(caught.message, message);
  return caught;
}
async function create(name, more = {}) {
  await send('CreateFunction', { FunctionName: name, Runtime: 'nodejs20.x', Handler: 'index.handler', Role: 'arn:aws:iam::000000000000:role/r', Code: code, ...more });
  await sdk.waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 60, minDelay: 0.05, maxDelay: 0.2 }, { FunctionName: name });
}
const publish = async (name = FunctionName) => (await send('PublishVersion', { FunctionName: name })).Version;

test('a permission is a statement of the policy', async () => {
  const { Statement } = await send('AddPermission', s3);
  const statement = {
    Sid: 's3',
    Effect: 'Allow',
    Principal: { Service: 's3.amazonaws.com' },
    Action: 'lambda:InvokeFunction',
    Resource: arn('orders'),
    Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::uploads' } },
  };
  assert.equal(Statement, JSON.stringify(statement));
  const policy = await send('GetPolicy', { FunctionName });
  assert.equal(policy.Policy, JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: [statement] }));
  assert.match(policy.RevisionId, /^[0-9a-f-]{36}$/);
  await send('RemovePermission', { FunctionName, StatementId: 's3', RevisionId: policy.RevisionId });
  await refused('GetPolicy', { FunctionName }, 'ResourceNotFoundException', 'The resource you requested does not exist.');
});

test('versions and aliases have policies of their own', async () => {
  const Version = await publish();
  await send('CreateAlias', { FunctionName, Name: 'live', FunctionVersion: Version });
  await send('AddPermission', { ...s3, Qualifier: 'live' });
  await refused('GetPolicy', { FunctionName, Qualifier: Version }, 'ResourceNotFoundException');
  const { Policy } = await send('GetPolicy', { FunctionName: `${FunctionName}:live` });
  assert.equal(JSON.parse(Policy).Statement[0].Resource, arn('orders:live'));
  await refused('AddPermission', { ...s3, FunctionName: 'orders:$LATEST' }, 'InvalidParameterValueException', 'We currently do not support adding policies for $LATEST.');
});

test('a permission that crosses another change is refused', async () => {
  await send('AddPermission', s3);
  await refused('AddPermission', s3, 'ResourceConflictException', 'The statement id (s3) provided already exists. Please provide a new statement id, or remove the existing statement.');
  const caught = await refused('AddPermission', { ...s3, StatementId: 's4', RevisionId: 'old' }, 'PreconditionFailedException');
  assert.equal(caught.$metadata.httpStatusCode, 412);
  assert.equal(caught.Type, 'User');
});

test('reserved concurrency is taken from the account', async () => {
  assert.equal((await send('GetFunctionConcurrency', { FunctionName })).ReservedConcurrentExecutions, undefined);
  assert.equal((await send('PutFunctionConcurrency', { FunctionName, ReservedConcurrentExecutions: 300 })).ReservedConcurrentExecutions, 300);
  assert.equal((await send('GetFunctionConcurrency', { FunctionName })).ReservedConcurrentExecutions, 300);
  assert.equal((await send('GetAccountSettings', {})).AccountLimit.UnreservedConcurrentExecutions, 700);
  await create('second');
  const message = "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].";
  await refused('PutFunctionConcurrency', { FunctionName: 'second', ReservedConcurrentExecutions: 601 }, 'InvalidParameterValueException', message);
  await send('PutFunctionConcurrency', { FunctionName: 'second', ReservedConcurrentExecutions: 600 });
  await send('PutFunctionConcurrency', { FunctionName, ReservedConcurrentExecutions: 0 });
  await send('DeleteFunctionConcurrency', { FunctionName: 'second' });
  assert.equal((await send('GetAccountSettings', {})).AccountLimit.UnreservedConcurrentExecutions, 1000);
});

test('a raised quota is more concurrency', async () => {
  const client = new quotas.ServiceQuotasClient(server.clientConfig());
  const quota = { ServiceCode: 'lambda', QuotaCode: 'L-B99A9384' };
  const { Quota } = await client.send(new quotas.GetServiceQuotaCommand(quota));
  assert.deepEqual([Quota.QuotaName, Quota.Value, Quota.Adjustable], ['Concurrent executions', 1000, true]);
  await client.send(new quotas.RequestServiceQuotaIncreaseCommand({ ...quota, DesiredValue: 5000 }));
  const { AccountLimit } = await send('GetAccountSettings', {});
  assert.deepEqual([AccountLimit.ConcurrentExecutions, AccountLimit.UnreservedConcurrentExecutions], [5000, 5000]);
  await send('PutFunctionConcurrency', { FunctionName, ReservedConcurrentExecutions: 4900 });
});

test('the account knows what it has', async () => {
  const before = await send('GetAccountSettings', {});
  assert.deepEqual(before.AccountLimit, { TotalCodeSize: 80530636800, CodeSizeUnzipped: 262144000, CodeSizeZipped: 52428800, ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 1000 });
  assert.deepEqual(before.AccountUsage, { TotalCodeSize: code.ZipFile.length, FunctionCount: 1 });
  await create('second', { Publish: true });
  assert.deepEqual((await send('GetAccountSettings', {})).AccountUsage, { TotalCodeSize: 3 * code.ZipFile.length, FunctionCount: 2 });
  await send('DeleteFunction', { FunctionName: 'second' });
  assert.deepEqual((await send('GetAccountSettings', {})).AccountUsage, before.AccountUsage);
});

test('what becomes of asynchronous events is said for each qualifier', async () => {
  const queue = 'arn:aws:sqs:us-east-1:000000000000:failed';
  const put = await send('PutFunctionEventInvokeConfig', { FunctionName, MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination: queue } } });
  assert.equal(put.FunctionArn, arn('orders:$LATEST'));
  assert.ok(put.LastModified instanceof Date);
  assert.deepEqual(put.DestinationConfig, { OnSuccess: {}, OnFailure: { Destination: queue } });
  const updated = await send('UpdateFunctionEventInvokeConfig', { FunctionName, MaximumEventAgeInSeconds: 60 });
  assert.deepEqual([updated.MaximumRetryAttempts, updated.MaximumEventAgeInSeconds, updated.DestinationConfig.OnFailure.Destination], [0, 60, queue]);
  const Version = await publish();
  await send('PutFunctionEventInvokeConfig', { FunctionName, Qualifier: Version, MaximumRetryAttempts: 1 });
  const pages = [];
  for await (const page of sdk.paginateListFunctionEventInvokeConfigs({ client: lambda, pageSize: 1 }, { FunctionName })) pages.push(page.FunctionEventInvokeConfigs.map((each) => each.FunctionArn));
  assert.deepEqual(pages, [[arn('orders:$LATEST')], [arn('orders:1')]]);
  await send('DeleteFunctionEventInvokeConfig', { FunctionName });
  await refused('GetFunctionEventInvokeConfig', { FunctionName }, 'ResourceNotFoundException', `The function ${arn('orders:$LATEST')} doesn't have an EventInvokeConfig`);
  await refused('PutFunctionEventInvokeConfig', { FunctionName, MaximumRetryAttempts: 3 }, 'ValidationException');
});

test('provisioned concurrency is of versions and aliases', async () => {
  const Version = await publish();
  await send('CreateAlias', { FunctionName, Name: 'live', FunctionVersion: Version });
  const put = await send('PutProvisionedConcurrencyConfig', { FunctionName, Qualifier: 'live', ProvisionedConcurrentExecutions: 2 });
  assert.deepEqual([put.RequestedProvisionedConcurrentExecutions, put.AllocatedProvisionedConcurrentExecutions, put.Status], [2, 0, 'IN_PROGRESS']);
  assert.match(put.LastModified, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$/);
  assert.equal(put.$metadata.httpStatusCode, 202);
  assert.equal((await send('GetAccountSettings', {})).AccountLimit.UnreservedConcurrentExecutions, 998);
  await refused('PutProvisionedConcurrencyConfig', { FunctionName, Qualifier: Version, ProvisionedConcurrentExecutions: 1 }, 'ResourceConflictException', 'Version is pointed by a Provisioned Concurrency alias');
  const { ProvisionedConcurrencyConfigs } = await send('ListProvisionedConcurrencyConfigs', { FunctionName });
  assert.deepEqual(ProvisionedConcurrencyConfigs.map((each) => each.FunctionArn), [arn('orders:live')]);
  await refused('PutFunctionConcurrency', { FunctionName, ReservedConcurrentExecutions: 1 }, 'InvalidParameterValueException', " ReservedConcurrentExecutions  1 should not be lower than function's total provisioned concurrency [2].");
  await send('DeleteProvisionedConcurrencyConfig', { FunctionName, Qualifier: 'live' });
  await refused('GetProvisionedConcurrencyConfig', { FunctionName, Qualifier: 'live' }, 'ProvisionedConcurrencyConfigNotFoundException', 'No Provisioned Concurrency Config found for this function');
  await refused('PutProvisionedConcurrencyConfig', { FunctionName, Qualifier: '$LATEST', ProvisionedConcurrentExecutions: 1 }, 'InvalidParameterValueException', 'Provisioned Concurrency Configs cannot be applied to unpublished function versions.');
});

// Asks until it is so; at most a minute.
async function untilStatus(wanted, input) {
  for (const deadline = performance.now() + 60_000; ; ) {
    const told = await send('GetProvisionedConcurrencyConfig', input);
    if (told.Status === wanted) return told;
    assert.ok(performance.now() < deadline, `it is ${told.Status}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('what is provisioned is initialised, and moves with its alias', async () => {
  const config = { FunctionName, Qualifier: 'live' };
  await send('CreateAlias', { FunctionName, Name: 'live', FunctionVersion: await publish() });
  await send('PutProvisionedConcurrencyConfig', { ...config, ProvisionedConcurrentExecutions: 2 });
  const ready = await untilStatus('READY', config);
  assert.deepEqual([ready.AllocatedProvisionedConcurrentExecutions, ready.AvailableProvisionedConcurrentExecutions], [2, 2]);
  await send('UpdateFunctionConfiguration', { FunctionName, Timeout: 9 });
  await sdk.waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 60, minDelay: 0.05, maxDelay: 0.2 }, { FunctionName });
  await send('UpdateAlias', { FunctionName, Name: 'live', FunctionVersion: await publish() });
  assert.equal((await untilStatus('READY', config)).AllocatedProvisionedConcurrentExecutions, 2);
});

test('a function that cannot start cannot be provisioned', async () => {
  await create('broken', { Publish: true, Code: { ZipFile: zipOf({ 'index.mjs': 'throw new Error("no start");\n' }) } });
  const config = { FunctionName: 'broken', Qualifier: '1' };
  await send('PutProvisionedConcurrencyConfig', { ...config, ProvisionedConcurrentExecutions: 1 });
  const failed = await untilStatus('FAILED', config);
  assert.deepEqual([failed.StatusReason, failed.AllocatedProvisionedConcurrentExecutions], ['FUNCTION_ERROR_INIT_FAILURE', 0]);
});

test('tags of functions', async () => {
  const Resource = arn('orders');
  const { RevisionId } = await send('GetFunctionConfiguration', { FunctionName });
  await send('TagResource', { Resource, Tags: { team: 'sales', stage: 'test' } });
  await send('TagResource', { Resource, Tags: { stage: 'live' } });
  assert.deepEqual((await send('ListTags', { Resource })).Tags, { team: 'sales', stage: 'live' });
  assert.notEqual((await send('GetFunctionConfiguration', { FunctionName })).RevisionId, RevisionId);
  await send('UntagResource', { Resource, TagKeys: ['team', 'none'] });
  assert.deepEqual((await send('GetFunction', { FunctionName })).Tags, { stage: 'live' });
  const tooMany = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`key-${i}`, '']));
  await refused('TagResource', { Resource, Tags: tooMany }, 'InvalidParameterValueException', 'Number of tags exceeds resource tag limit.');
  await refused('ListTags', { Resource: arn('orders:live') }, 'InvalidParameterValueException', 'Tags on function aliases and versions are not supported. Please specify a function ARN.');
  await refused('ListTags', { Resource: arn('none') }, 'ResourceNotFoundException', `Function not found: ${arn('none')}`);
});
