// Functions as people write them, invoked through the AWS SDK for JavaScript v3: whole answers, streams, events.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import * as sdk from '@aws-sdk/client-lambda';
import * as queues from '@aws-sdk/client-sqs';
import { Outcrop, refusal } from '../support/outcrop.mjs';
import { zipOf } from '../support/zip.mjs';

const arn = (name) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

const files = {
  callback: { 'index.js': 'exports.handler = (event, context, callback) => callback(null, { order: event.order, id: context.awsRequestId });' },
  async: { 'index.js': 'exports.handler = async (event) => { console.log("order", event.order); return { doubled: event.order * 2 }; };' },
  module: { 'index.mjs': 'export const handler = async (event, context) => ({ arn: context.invokedFunctionArn, client: context.clientContext ?? null });' },
  failing: { 'index.mjs': 'export const handler = async () => { throw new TypeError("no stock"); };' },
  failing_once: {
    'index.mjs': `import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
      const sqs = new SQSClient();
      const seen = new Set();
      export const handler = async ({ QueueUrl }, { awsRequestId }) => {
        if (seen.has(awsRequestId)) return awsRequestId;
        seen.add(awsRequestId);
        await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'tried' }));
        throw new Error('not yet');
      };`,
  },
  streaming: {
    'index.mjs': `export const handler = awslambda.streamifyResponse(async (event, stream) => {
      for (const word of event.words) { stream.write(word); await new Promise((resolve) => setTimeout(resolve, 20)); }
      if (event.breaks) throw new RangeError('broken off');
      stream.end();
    });`,
  },
  relay: {
    'index.mjs': `import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
      const bedrock = new BedrockRuntimeClient();
      export const handler = awslambda.streamifyResponse(async (event, out) => {
        const messages = [{ role: 'user', content: [{ text: event.question }] }];
        const { stream } = await bedrock.send(new ConverseStreamCommand({ modelId: 'amazon.nova-lite-v1:0', messages }));
        for await (const part of stream) if (part.contentBlockDelta) out.write(part.contentBlockDelta.delta.text + '|');
        out.end();
      });`,
  },
  recursive: {
    'index.mjs': `import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
      const lambda = new LambdaClient();
      export const handler = async ({ depth }, context) => {
        if (depth === 0) return 1;
        const input = { FunctionName: context.functionName, Payload: JSON.stringify({ depth: depth - 1 }) };
        const { Payload } = await lambda.send(new InvokeCommand(input));
        return 1 + JSON.parse(Payload.transformToString());
      };`,
  },
};

let server, lambda, sqs;
before(async () => {
  server = await Outcrop.start('--clock', 'manual');
  lambda = new sdk.LambdaClient(server.clientConfig());
  sqs = new queues.SQSClient(server.clientConfig());
  for (const [name, code] of Object.entries(files)) await create(name, { ZipFile: zipOf(code) });
});
after(async () => assert.equal(await server.stop(), 0, server.log));

async function create(FunctionName, Code, more = {}) {
  const Role = 'arn:aws:iam::000000000000:role/any';
  await lambda.send(new sdk.CreateFunctionCommand({ FunctionName, Runtime: 'nodejs20.x', Handler: 'index.handler', Role, Code, Timeout: 30, ...more }));
  await sdk.waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 60, minDelay: 0.05, maxDelay: 0.2 }, { FunctionName });
}
const invoke = (FunctionName, event, more = {}) => lambda.send(new sdk.InvokeCommand({ FunctionName, Payload: JSON.stringify(event), ...more }));
const answer = async (...asked) => JSON.parse((await invoke(...asked)).Payload.transformToString());
async function stream(FunctionName, event, more = {}) {
  const output = await lambda.send(new sdk.InvokeWithResponseStreamCommand({ FunctionName, Payload: JSON.stringify(event), ...more }));
  const parts = [];
  let complete;
  for await (const { PayloadChunk, InvokeComplete } of output.EventStream) {
    if (PayloadChunk) parts.push(Buffer.from(PayloadChunk.Payload).toString());
    complete ??= InvokeComplete;
  }
  return { output, parts, complete };
}
async function queue(QueueName) {
  const { QueueUrl } = await sqs.send(new queues.CreateQueueCommand({ QueueName }));
  return { QueueUrl, arn: `arn:aws:sqs:us-east-1:000000000000:${QueueName}` };
}
const received = async ({ QueueUrl }) => {
  const { Messages } = await sqs.send(
    new queues.ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
  );
  assert.equal(Messages?.length, 1);
  await sqs.send(new queues.DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0].ReceiptHandle }));
  return Messages[0];
};

// What comes while the clock is moved on, minute by minute; what the function does meanwhile takes real time.
async function receivedInTime({ QueueUrl }) {
  for (let minute = 0; minute < 60; ++minute) {
    const asked = sqs.send(new queues.ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    await server.admin('clock/advance', { seconds: 60 });
    const { Messages } = await asked;
    if (Messages) return Messages[0];
  }
  throw new Error('nothing came within an hour');
}

test('a handler with a callback answers, and knows its request', async () => {
  const output = await invoke('callback', { order: 7 });
  assert.equal(output.StatusCode, 200);
  assert.equal(output.ExecutedVersion, '$LATEST');
  assert.equal(output.FunctionError, undefined);
  assert.deepEqual(JSON.parse(output.Payload.transformToString()), { order: 7, id: output.$metadata.requestId });
});

test('an async handler answers, and the tail of its log comes with it', async () => {
  const output = await invoke('async', { order: 7 }, { LogType: 'Tail' });
  assert.deepEqual(JSON.parse(output.Payload.transformToString()), { doubled: 14 });
  const log = Buffer.from(output.LogResult, 'base64').toString();
  assert.match(log, new RegExp(`START RequestId: ${output.$metadata.requestId} Version: \\$LATEST`));
  assert.match(log, /INFO\torder 7/);
  assert.match(log, /REPORT RequestId/);
});

test('an ES module sees how it was called and by whom', async () => {
  const ClientContext = Buffer.from(JSON.stringify({ custom: { tenant: 'blue' } })).toString('base64');
  assert.deepEqual(await answer('module', {}, { ClientContext, Qualifier: '$LATEST' }), { arn: arn('module:$LATEST'), client: { custom: { tenant: 'blue' } } });
  assert.deepEqual(await answer(arn('module'), {}), { arn: arn('module'), client: null });
});

test('an error is an answer that says so', async () => {
  const output = await invoke('failing', {});
  assert.equal(output.StatusCode, 200);
  assert.equal(output.FunctionError, 'Unhandled');
  const { errorType, errorMessage } = JSON.parse(output.Payload.transformToString());
  assert.deepEqual([errorType, errorMessage], ['TypeError', 'no stock']);
});

test('what is asked wrongly is refused in the words of AWS', async () => {
  const missing = await refusal(invoke('nobody', {}));
  assert.equal(missing.name, 'ResourceNotFoundException');
  assert.equal(missing.message, `Function not found: ${arn('nobody')}:$LATEST`);
  const text = await refusal(lambda.send(new sdk.InvokeCommand({ FunctionName: 'async', Payload: 'hello' })));
  assert.equal(text.name, 'InvalidRequestContentException');
  assert.match(text.message, /^Could not parse request body into json: Could not parse payload into json: Unrecognized token 'hello'/);
  const large = await refusal(invoke('async', 'x'.repeat(6_291_456)));
  assert.equal(large.name, 'RequestEntityTooLargeException');
  assert.equal(large.$metadata.httpStatusCode, 413);
});

test('a dry run runs nothing', async () => {
  const output = await invoke('failing', {}, { InvocationType: 'DryRun' });
  assert.equal(output.StatusCode, 204);
  assert.equal((await refusal(invoke('nobody', {}, { InvocationType: 'DryRun' }))).name, 'ResourceNotFoundException');
});

test('a stream comes as the function writes it', async () => {
  const { output, parts, complete } = await stream('streaming', { words: ['to', 'ken', 's'] }, { LogType: 'Tail' });
  assert.equal(output.StatusCode, 200);
  assert.equal(output.ExecutedVersion, '$LATEST');
  assert.deepEqual(parts, ['to', 'ken', 's']);
  assert.equal(complete.ErrorCode, undefined);
  assert.match(Buffer.from(complete.LogResult, 'base64').toString(), /REPORT RequestId/);
});

test('a stream that breaks off says why', async () => {
  const { parts, complete } = await stream('streaming', { words: ['to'], breaks: true });
  assert.deepEqual(parts, ['to']);
  assert.match(complete.ErrorCode, /Unhandled|RangeError/);
  assert.match(complete.ErrorDetails, /broken off/);
});

test('a function that does not stream answers a stream in one part', async () => {
  const { parts } = await stream('async', { order: 1 });
  assert.deepEqual(parts, ['{"doubled":2}']);
});

test('a function relays what Bedrock streams, token by token', async () => {
  const { parts, complete } = await stream('relay', { question: 'The archive opens at nine. When does the archive open?' });
  assert.equal(complete.ErrorCode, undefined, complete.ErrorDetails);
  const tokens = parts.join('').split('|');  // as the function wrote them: a busy machine may carry several at once
  assert.ok(tokens.length > 2, `${tokens}`);
  assert.match(tokens.join(''), /nine/);
});

test('functions invoke themselves at full concurrency without waiting for each other', async () => {
  const depths = await Promise.all(Array.from({ length: 4 }, () => answer('recursive', { depth: 4 })));
  assert.deepEqual(depths, [5, 5, 5, 5]);
});

test('a reserved concurrency that is used up refuses with its reason', async () => {
  await lambda.send(new sdk.PutFunctionConcurrencyCommand({ FunctionName: 'streaming', ReservedConcurrentExecutions: 0 }));
  const refused = await refusal(invoke('streaming', { words: [] }));
  await lambda.send(new sdk.DeleteFunctionConcurrencyCommand({ FunctionName: 'streaming' }));
  assert.equal(refused.name, 'TooManyRequestsException');
  assert.equal(refused.message, 'Rate Exceeded.');
  assert.equal(refused.Reason, 'ReservedFunctionConcurrentInvocationLimitExceeded');
});

test('an event is taken, and its success told to a queue', async () => {
  const heard = await queue('heard');
  await lambda.send(new sdk.PutFunctionEventInvokeConfigCommand({ FunctionName: 'async', DestinationConfig: { OnSuccess: { Destination: heard.arn } } }));
  const taken = await invoke('async', { order: 3 }, { InvocationType: 'Event' });
  assert.equal(taken.StatusCode, 202);
  const record = JSON.parse((await received(heard)).Body);
  assert.deepEqual(record.requestContext, {
    requestId: taken.$metadata.requestId,
    functionArn: arn('async:$LATEST'),
    condition: 'Success',
    approximateInvokeCount: 1,
  });
  assert.deepEqual([record.version, record.requestPayload, record.responsePayload], ['1.0', { order: 3 }, { doubled: 6 }]);
});

test('an event that fails is tried again after a minute, with the same id', async () => {
  const retried = await queue('retried');
  await lambda.send(
    new sdk.PutFunctionEventInvokeConfigCommand({ FunctionName: 'failing_once', DestinationConfig: { OnSuccess: { Destination: retried.arn } } }),
  );
  const taken = await invoke('failing_once', { QueueUrl: retried.QueueUrl }, { InvocationType: 'Event' });
  assert.equal((await received(retried)).Body, 'tried');
  const record = JSON.parse((await receivedInTime(retried)).Body);
  assert.equal(record.responsePayload, taken.$metadata.requestId);
  assert.equal(record.requestContext.approximateInvokeCount, 2);
});

test('an event that is given up goes to the dead-letter queue and to the destination of failures', async () => {
  const [dead, failed] = [await queue('dead'), await queue('failed')];
  await create('given-up', { ZipFile: zipOf(files.failing) }, { DeadLetterConfig: { TargetArn: dead.arn } });
  const DestinationConfig = { OnFailure: { Destination: failed.arn } };
  await lambda.send(new sdk.PutFunctionEventInvokeConfigCommand({ FunctionName: 'given-up', MaximumRetryAttempts: 0, DestinationConfig }));
  const taken = await invoke('given-up', { order: 1 }, { InvocationType: 'Event' });
  const letter = await received(dead);
  assert.equal(letter.Body, '{"order":1}');
  assert.equal(letter.MessageAttributes.RequestID.StringValue, taken.$metadata.requestId);
  assert.equal(letter.MessageAttributes.ErrorCode.StringValue, '200');
  assert.equal(letter.MessageAttributes.ErrorMessage.StringValue, 'no stock');
  const record = JSON.parse((await received(failed)).Body);
  assert.equal(record.requestContext.condition, 'RetriesExhausted');
  assert.deepEqual(record.responseContext, { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' });
  assert.equal(record.responsePayload.errorMessage, 'no stock');
});

test('CloudWatch has what was invoked', async () => {
  const cloudwatch = new CloudWatchClient(server.clientConfig());
  const { time } = await server.admin('clock', undefined, 'GET');
  await server.admin('clock/advance', { seconds: 120 });
  const sum = async (MetricName, Dimensions) => {
    const StartTime = new Date(Date.parse(time) - 86_400_000);
    const EndTime = new Date(Date.parse(time) + 120_000);
    const input = { Namespace: 'AWS/Lambda', MetricName, Dimensions, StartTime, EndTime, Period: 86_400, Statistics: ['Sum'] };
    const { Datapoints } = await cloudwatch.send(new GetMetricStatisticsCommand(input));
    return Datapoints.reduce((sum, point) => sum + point.Sum, 0);
  };
  const failing = [{ Name: 'FunctionName', Value: 'failing' }];
  assert.equal(await sum('Invocations', failing), 1);
  assert.equal(await sum('Errors', failing), 1);
  assert.equal(await sum('AsyncEventsDropped', [{ Name: 'FunctionName', Value: 'given-up' }]), 1);
  assert.equal(await sum('Throttles', [{ Name: 'FunctionName', Value: 'streaming' }, { Name: 'Resource', Value: 'streaming' }]), 1);
});
