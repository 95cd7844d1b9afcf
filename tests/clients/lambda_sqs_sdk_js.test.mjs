// Event source mappings through the AWS SDK for JavaScript v3: how they are made, told, changed and deleted, and what a Node.js function
// gets of its queue. The function sends each event it gets to a queue of results.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as sdk from '@aws-sdk/client-lambda';
import * as sqs from '@aws-sdk/client-sqs';
import { Outcrop, refusal } from '../support/outcrop.mjs';
import { zipOf } from '../support/zip.mjs';

const Role = 'arn:aws:iam::000000000000:role/orders';
const nowhere = '00000000-0000-4000-8000-000000000001';
// What a message asks for: {"failures": 1} to be reported as failed so often, {"throws": 1} that its invocation fails so often.
const source = `
const credential = process.env.AWS_ACCESS_KEY_ID + '/20260101/us-east-1/sqs/aws4_request';
const headers = {
  'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage',
  authorization: 'AWS4-HMAC-SHA256 Credential=' + credential + ', SignedHeaders=host, Signature=' + '0'.repeat(64),
};
const asks = (record, what) => {
  try { return Number(record.attributes.ApproximateReceiveCount) <= JSON.parse(record.body)[what]; } catch { return false; }
};
export const handler = async (event) => {
  const body = JSON.stringify({ QueueUrl: process.env.RESULTS, MessageBody: JSON.stringify(event) });
  const answer = await fetch(process.env.AWS_ENDPOINT_URL, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(await answer.text());
  if (event.Records.some((record) => asks(record, 'throws'))) throw new Error('as the message asks');
  const failed = event.Records.filter((record) => asks(record, 'failures'));
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};
`;

let server, lambda, queues, results;
before(async () => {
  server = await Outcrop.start();
  lambda = new sdk.LambdaClient(server.clientConfig());
  queues = new sqs.SQSClient(server.clientConfig());
});
after(async () => assert.equal(await server.stop(), 0, server.log));

const call = (Command, input) => lambda.send(new Command(input));
const create = (input) => call(sdk.CreateEventSourceMappingCommand, input);
const get = (UUID) => call(sdk.GetEventSourceMappingCommand, { UUID });

async function makeQueue(QueueName, Attributes = {}) {
  const { QueueUrl } = await queues.send(new sqs.CreateQueueCommand({ QueueName, Attributes }));
  return { url: QueueUrl, arn: `arn:aws:sqs:us-east-1:000000000000:${QueueName}` };
}
async function makeFunction(FunctionName, more = {}) {
  results = await makeQueue(`${FunctionName}-results`);
  const Environment = { Variables: { RESULTS: results.url } };
  await call(sdk.CreateFunctionCommand, {
    FunctionName, Role, Runtime: 'nodejs20.x', Handler: 'index.handler', Code: { ZipFile: zipOf({ 'index.mjs': source }) }, Environment, ...more });
  await sdk.waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 60, minDelay: 1 }, { FunctionName });
}
const send = (queue, body, more = {}) => queues.send(new sqs.SendMessageCommand({ QueueUrl: queue.url, MessageBody: body, ...more }));

// The next events that the function told of, each by a long poll.
async function nextEvents(count) {
  const events = [];
  while (events.length < count) {
    const { Messages } = await queues.send(new sqs.ReceiveMessageCommand({ QueueUrl: results.url, WaitTimeSeconds: 20 }));
    assert.ok(Messages, `${events.length} of ${count} events came: ${server.log}`);
    events.push(JSON.parse(Messages[0].Body));
    await queues.send(new sqs.DeleteMessageCommand({ QueueUrl: results.url, ReceiptHandle: Messages[0].ReceiptHandle }));
  }
  return events;
}
const bodies = (events) => events.flatMap(({ Records }) => Records.map(({ body }) => body));
async function untilEmpty(queue) {
  for (let look = 0; look < 2000; ++look) {
    const { Attributes } = await queues.send(new sqs.GetQueueAttributesCommand({ QueueUrl: queue.url, AttributeNames: ['All'] }));
    if (Attributes.ApproximateNumberOfMessages === '0' && Attributes.ApproximateNumberOfMessagesNotVisible === '0') return;
  }
  assert.fail('the queue never became empty');
}

test('a mapping as it is made, told, changed and deleted', async () => {
  const queue = await makeQueue('managed');
  await makeFunction('managed');
  const made = await create({ EventSourceArn: queue.arn, FunctionName: 'managed' });
  const { UUID, $metadata, LastModified, ...told } = made;
  assert.equal($metadata.httpStatusCode, 202);
  assert.ok(LastModified instanceof Date);
  assert.deepEqual(told, {
    BatchSize: 10, EventSourceArn: queue.arn, EventSourceMappingArn: `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${UUID}`,
    FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:managed', FunctionResponseTypes: [], MaximumBatchingWindowInSeconds: 0,
    State: 'Creating', StateTransitionReason: 'USER_INITIATED' });
  assert.equal((await get(UUID)).State, 'Enabled');
  const conflict = await refusal(create({ EventSourceArn: queue.arn, FunctionName: 'managed' }));
  assert.equal(conflict.name, 'ResourceConflictException');
  assert.equal(conflict.message, `An event source mapping with SQS arn (" ${queue.arn} ") and function (" managed ") already exists. ` +
    `Please update or delete the existing mapping with UUID ${UUID}`);
  const changed = await call(sdk.UpdateEventSourceMappingCommand, { UUID, Enabled: false, ScalingConfig: { MaximumConcurrency: 2 } });
  assert.deepEqual([changed.State, changed.ScalingConfig], ['Disabling', { MaximumConcurrency: 2 }]);
  assert.equal((await get(UUID)).State, 'Disabled');
  const { EventSourceMappings } = await call(sdk.ListEventSourceMappingsCommand, { FunctionName: 'managed' });
  assert.deepEqual(EventSourceMappings.map((each) => each.UUID), [UUID]);
  assert.equal((await call(sdk.DeleteEventSourceMappingCommand, { UUID })).State, 'Deleting');
  assert.equal((await refusal(get(UUID))).message, 'The resource you requested does not exist.');
});

test('what is wrong with a mapping is told in the words of AWS', async () => {
  const queue = await makeQueue('refused');
  await makeFunction('refused');
  const refused = async (input, name, message) => {
    const error = await refusal(create(input));
    assert.deepEqual([error.name, error.message], [name, message]);
  };
  const invalid = (input, message) => refused(input, 'InvalidParameterValueException', message);
  await invalid({ FunctionName: 'nobody' }, 'Unrecognized event source.');
  await invalid({ FunctionName: 'nobody', EventSourceArn: queue.arn }, 'Function does not exist');
  await invalid({ FunctionName: 'refused', EventSourceArn: `${queue.arn}-gone` },
    'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. ' +
    'SQS Error Message: The specified queue does not exist.');
  await invalid({ FunctionName: 'refused', EventSourceArn: queue.arn, BatchSize: 11 },
    'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10');
  await invalid({ FunctionName: 'refused', EventSourceArn: queue.arn, FilterCriteria: { Filters: [{ Pattern: '{"eventSource": []}' }] } },
    'Invalid filter pattern definition.');
  await call(sdk.UpdateFunctionConfigurationCommand, { FunctionName: 'refused', Timeout: 60 });
  await sdk.waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 60, minDelay: 1 }, { FunctionName: 'refused' });
  await invalid({ FunctionName: 'refused', EventSourceArn: queue.arn },
    'Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds');
  for (const Command of [sdk.GetEventSourceMappingCommand, sdk.UpdateEventSourceMappingCommand, sdk.DeleteEventSourceMappingCommand])
    assert.equal((await refusal(call(Command, { UUID: nowhere }))).name, 'ResourceNotFoundException');
});

test('a function gets what is sent to its queue', async () => {
  const queue = await makeQueue('orders');
  await makeFunction('orders');
  await create({ EventSourceArn: queue.arn, FunctionName: 'orders' });
  const sent = await send(queue, 'hello', { MessageAttributes: { kind: { DataType: 'String', StringValue: 'greeting' } } });
  const [{ Records: [record] }] = await nextEvents(1);
  assert.deepEqual([record.messageId, record.body, record.md5OfBody], [sent.MessageId, 'hello', sent.MD5OfMessageBody]);
  assert.deepEqual([record.eventSource, record.eventSourceARN, record.awsRegion], ['aws:sqs', queue.arn, 'us-east-1']);
  assert.deepEqual(record.messageAttributes.kind, { stringValue: 'greeting', stringListValues: [], binaryListValues: [], dataType: 'String' });
  assert.equal(record.md5OfMessageAttributes, sent.MD5OfMessageAttributes);
  await untilEmpty(queue);
});

test('of a batch only what failed comes back, after the visibility timeout', async () => {
  const queue = await makeQueue('partly', { VisibilityTimeout: '3' });
  await makeFunction('partly');
  for (const body of ['{"n":1}', '{"n":2,"failures":1}']) await send(queue, body);
  await create({ EventSourceArn: queue.arn, FunctionName: 'partly', FunctionResponseTypes: ['ReportBatchItemFailures'] });
  const [first, second] = await nextEvents(2);
  assert.deepEqual(bodies([first]), ['{"n":1}', '{"n":2,"failures":1}']);
  assert.deepEqual(bodies([second]), ['{"n":2,"failures":1}']);
  assert.equal(second.Records[0].attributes.ApproximateReceiveCount, '2');
  await untilEmpty(queue);
});

test('a message whose invocations fail goes to the dead-letter queue', async () => {
  const dead = await makeQueue('dead');
  const queue = await makeQueue('failing', {
    VisibilityTimeout: '3', RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 }) });
  await makeFunction('failing');
  await create({ EventSourceArn: queue.arn, FunctionName: 'failing', BatchSize: 1 });
  await send(queue, '{"throws":9}');
  await nextEvents(2);
  const { Messages } = await queues.send(new sqs.ReceiveMessageCommand({ QueueUrl: dead.url, WaitTimeSeconds: 20 }));
  assert.equal(Messages[0].Body, '{"throws":9}');
});

test('filters keep messages from the function', async () => {
  const queue = await makeQueue('filtered');
  await makeFunction('filtered');
  for (const body of ['{"kind":"refund"}', 'no json', '{"kind":"order"}']) await send(queue, body);
  await create({ EventSourceArn: queue.arn, FunctionName: 'filtered', FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["order"]}}' }] } });
  assert.deepEqual(bodies(await nextEvents(1)), ['{"kind":"order"}']);
  await untilEmpty(queue);
});

test('a batching window gathers more than one receive gives', async () => {
  const queue = await makeQueue('gathered');
  await makeFunction('gathered');
  for (let n = 0; n < 15; ++n) await send(queue, String(n));
  await create({ EventSourceArn: queue.arn, FunctionName: 'gathered', BatchSize: 15, MaximumBatchingWindowInSeconds: 30 });
  const [event] = await nextEvents(1);
  assert.equal(event.Records.length, 15);
  assert.equal(event.Records[0].md5OfMessageAttributes, null);
  await untilEmpty(queue);
});

test('a group of a FIFO queue is processed in its order', async () => {
  const queue = await makeQueue('turns.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
  await makeFunction('turns');
  const { UUID } = await create({ EventSourceArn: queue.arn, FunctionName: 'turns', BatchSize: 2, Enabled: false });
  const sent = Array.from({ length: 7 }, (_, n) => `message ${n}`);
  for (const body of sent) await send(queue, body, { MessageGroupId: 'one' });
  assert.equal((await call(sdk.UpdateEventSourceMappingCommand, { UUID, Enabled: true })).State, 'Enabling');
  await untilEmpty(queue);
  const events = await nextEvents(4);
  const order = events.map((event) => event.Records[0].attributes.SequenceNumber);
  assert.deepEqual(order, [...order].sort());
  assert.deepEqual(bodies(events), sent);
});

test('a burst beyond the reserved concurrency waits in the queue', async () => {
  const queue = await makeQueue('burst');
  await makeFunction('burst');
  await call(sdk.PutFunctionConcurrencyCommand, { FunctionName: 'burst', ReservedConcurrentExecutions: 1 });
  for (let n = 0; n < 20; ++n) await send(queue, String(n));
  await create({ EventSourceArn: queue.arn, FunctionName: 'burst', BatchSize: 1 });
  const events = await nextEvents(20);
  assert.deepEqual(new Set(bodies(events)).size, 20);
  assert.ok(events.every(({ Records: [record] }) => record.attributes.ApproximateReceiveCount === '1'));
  await untilEmpty(queue);
});
