// Every SQS operation through the AWS SDK for JavaScript v3, errors included. The SDK itself checks the MD5s.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as sdk from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { Outcrop, refusal } from '../support/outcrop.mjs';

let server, sqs;
before(async () => {
  server = await Outcrop.start('--clock', 'manual');
  sqs = new sdk.SQSClient(server.clientConfig());
});
after(async () => {
  sqs.destroy();
  assert.equal(await server.stop(), 0, server.log);
});

const send = (name, input = {}) => sqs.send(new sdk[`${name}Command`](input));
let made = 0;
const queue = async (Attributes, suffix = '') => (await send('CreateQueue', { QueueName: `q${++made}${suffix}`, Attributes })).QueueUrl;
const fifo = (Attributes = {}) => queue({ FifoQueue: 'true', ...Attributes }, '.fifo');
const attributes = async (QueueUrl, ...AttributeNames) => (await send('GetQueueAttributes', { QueueUrl, AttributeNames })).Attributes;
const receive = async (QueueUrl, more = {}) => (await send('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10, ...more })).Messages ?? [];
const advance = (seconds) => server.admin('clock/advance', { seconds });

test('the caller is the account of its key', async () => {
  const sts = new STSClient(server.clientConfig({ credentials: { accessKeyId: '123456789012', secretAccessKey: 'x' } }));
  const identity = await sts.send(new GetCallerIdentityCommand({}));
  assert.equal(identity.Account, '123456789012');
  assert.match(identity.Arn, /^arn:aws:iam::123456789012:root$/);
});

test('a queue is created once, found, listed, configured and deleted', async () => {
  const { QueueUrl } = await send('CreateQueue', { QueueName: 'life', Attributes: { VisibilityTimeout: '7' }, tags: { team: 'a' } });
  assert.ok(QueueUrl.startsWith(server.endpoint), QueueUrl);
  assert.equal((await send('CreateQueue', { QueueName: 'life', Attributes: { VisibilityTimeout: '7' } })).QueueUrl, QueueUrl);
  const clash = await refusal(send('CreateQueue', { QueueName: 'life', Attributes: { VisibilityTimeout: '8' } }));
  assert.equal(clash.name, 'QueueNameExists');
  assert.equal((await send('GetQueueUrl', { QueueName: 'life' })).QueueUrl, QueueUrl);
  assert.deepEqual((await send('ListQueues', { QueueNamePrefix: 'lif' })).QueueUrls, [QueueUrl]);
  await send('SetQueueAttributes', { QueueUrl, Attributes: { VisibilityTimeout: '9', DelaySeconds: '1' } });
  const all = await attributes(QueueUrl, 'All');
  assert.equal(all.VisibilityTimeout, '9');
  assert.equal(all.DelaySeconds, '1');
  assert.equal(all.QueueArn, 'arn:aws:sqs:us-east-1:000000000000:life');
  assert.equal(all.MaximumMessageSize, '1048576');
  await send('TagQueue', { QueueUrl, Tags: { stage: 'test' } });
  assert.deepEqual((await send('ListQueueTags', { QueueUrl })).Tags, { team: 'a', stage: 'test' });
  await send('UntagQueue', { QueueUrl, TagKeys: ['team'] });
  assert.deepEqual((await send('ListQueueTags', { QueueUrl })).Tags, { stage: 'test' });
  await send('DeleteQueue', { QueueUrl });
  const gone = await refusal(send('SendMessage', { QueueUrl, MessageBody: 'x' }));
  assert.equal(gone.name, 'QueueDoesNotExist');
  assert.equal(gone.$metadata.httpStatusCode, 400);
});

test('listing pages with a token', async () => {
  for (let i = 0; i < 5; ++i) await send('CreateQueue', { QueueName: `paged-${i}` });
  const names = [];
  let NextToken;
  do {
    const page = await send('ListQueues', { QueueNamePrefix: 'paged-', MaxResults: 2, NextToken });
    names.push(...page.QueueUrls.map((url) => url.split('/').pop()));
    NextToken = page.NextToken;
  } while (NextToken);
  assert.deepEqual(names.sort(), [0, 1, 2, 3, 4].map((i) => `paged-${i}`));
});

test('accounts and regions do not see each other', async () => {
  await send('CreateQueue', { QueueName: 'private' });
  for (const other of [{ credentials: { accessKeyId: '999999999999', secretAccessKey: 'x' } }, { region: 'eu-central-1' }]) {
    const client = new sdk.SQSClient(server.clientConfig(other));
    const error = await refusal(client.send(new sdk.GetQueueUrlCommand({ QueueName: 'private' })));
    assert.equal(error.name, 'QueueDoesNotExist');
    client.destroy();
  }
});

test('a message keeps its body and attributes, is hidden while in flight, comes back and is deleted', async () => {
  const QueueUrl = await queue({ VisibilityTimeout: '30' });
  const body = 'grüße & <tags> "quotes" \n 😀';
  const sent = await send('SendMessage', {
    QueueUrl,
    MessageBody: body,
    MessageAttributes: {
      kind: { DataType: 'String', StringValue: 'greeting' },
      count: { DataType: 'Number', StringValue: '42' },
      raw: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 1, 255]) },
    },
    MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-5759e988-bd862e3fe1be46a994272793' } },
  });
  assert.equal(sent.MD5OfMessageAttributes.length, 32);
  const [first] = await receive(QueueUrl, { MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] });
  assert.equal(first.Body, body);
  assert.equal(first.MessageId, sent.MessageId);
  assert.deepEqual(first.MessageAttributes.raw.BinaryValue, new Uint8Array([0, 1, 255]));
  assert.equal(first.MD5OfMessageAttributes, sent.MD5OfMessageAttributes);
  assert.equal(first.Attributes.ApproximateReceiveCount, '1');
  assert.equal(first.Attributes.AWSTraceHeader, 'Root=1-5759e988-bd862e3fe1be46a994272793');
  assert.deepEqual(await receive(QueueUrl), []);
  assert.equal((await attributes(QueueUrl, 'ApproximateNumberOfMessagesNotVisible')).ApproximateNumberOfMessagesNotVisible, '1');
  await advance(31);
  const [again] = await receive(QueueUrl, { MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
  assert.equal(again.Attributes.ApproximateReceiveCount, '2');
  await send('ChangeMessageVisibility', { QueueUrl, ReceiptHandle: again.ReceiptHandle, VisibilityTimeout: 0 });
  const [third] = await receive(QueueUrl);
  await send('DeleteMessage', { QueueUrl, ReceiptHandle: third.ReceiptHandle });
  await advance(100);
  assert.deepEqual(await receive(QueueUrl), []);
});

test('only the attributes asked for are answered', async () => {
  const QueueUrl = await queue({ VisibilityTimeout: '0' });
  const value = (StringValue) => ({ DataType: 'String', StringValue });
  await send('SendMessage', { QueueUrl, MessageBody: 'x', MessageAttributes: { 'app.one': value('1'), 'app.two': value('2'), other: value('3') } });
  const names = async (...MessageAttributeNames) => Object.keys((await receive(QueueUrl, { MessageAttributeNames }))[0].MessageAttributes ?? {}).sort();
  assert.deepEqual(await names('app.*'), ['app.one', 'app.two']);
  assert.deepEqual(await names('other'), ['other']);
  assert.deepEqual(await names(), []);
});

test('delays hold a message back', async () => {
  const QueueUrl = await queue({ DelaySeconds: '5' });
  await send('SendMessage', { QueueUrl, MessageBody: 'queue delay' });
  await send('SendMessage', { QueueUrl, MessageBody: 'own delay', DelaySeconds: 2 });
  assert.deepEqual(await receive(QueueUrl), []);
  await advance(3);
  assert.deepEqual((await receive(QueueUrl)).map((m) => m.Body), ['own delay']);
  await advance(3);
  assert.deepEqual((await receive(QueueUrl)).map((m) => m.Body), ['queue delay']);
});

test('a long poll wakes when a message comes and ends empty when none does', async () => {
  const QueueUrl = await queue();
  const waiting = receive(QueueUrl, { WaitTimeSeconds: 20 });
  await send('SendMessage', { QueueUrl, MessageBody: 'now' });
  assert.equal((await waiting)[0].Body, 'now');
  const empty = receive(QueueUrl, { WaitTimeSeconds: 20 });
  await server.until(/^outcrop_calls_in_flight\{.*operation="ReceiveMessage".*\} 1$/m);
  await advance(20);
  assert.deepEqual(await empty, []);
});

test('batches answer entry by entry', async () => {
  const QueueUrl = await queue();
  const Entries = Array.from({ length: 10 }, (_, i) => ({ Id: `e${i}`, MessageBody: `m${i}`, ...(i === 3 ? { DelaySeconds: 1000 } : {}) }));
  const sent = await send('SendMessageBatch', { QueueUrl, Entries });
  assert.equal(sent.Successful.length, 9);
  assert.deepEqual(sent.Failed.map((f) => [f.Id, f.SenderFault, f.Code]), [['e3', true, 'InvalidParameterValue']]);
  const got = await receive(QueueUrl);
  const changed = await send('ChangeMessageVisibilityBatch', {
    QueueUrl,
    Entries: got.map((m, i) => ({ Id: `${i}`, ReceiptHandle: i === 0 ? 'nonsense' : m.ReceiptHandle, VisibilityTimeout: 60 })),
  });
  assert.deepEqual(changed.Failed.map((f) => f.Code), ['ReceiptHandleIsInvalid']);
  const deleted = await send('DeleteMessageBatch', { QueueUrl, Entries: got.map((m, i) => ({ Id: `${i}`, ReceiptHandle: m.ReceiptHandle })) });
  assert.equal(deleted.Successful.length, got.length);
  for (const [entries, name] of [
    [[], 'EmptyBatchRequest'],
    [Array.from({ length: 11 }, (_, i) => ({ Id: `${i}`, MessageBody: 'x' })), 'TooManyEntriesInBatchRequest'],
    [[{ Id: 'a', MessageBody: 'x' }, { Id: 'a', MessageBody: 'y' }], 'BatchEntryIdsNotDistinct'],
    [[{ Id: 'a.b', MessageBody: 'x' }], 'InvalidBatchEntryId'],
    [Array.from({ length: 2 }, (_, i) => ({ Id: `${i}`, MessageBody: 'x'.repeat(600_000) })), 'BatchRequestTooLong'],
  ]) {
    assert.equal((await refusal(send('SendMessageBatch', { QueueUrl, Entries: entries }))).name, name);
  }
});

test('a FIFO group is delivered in order, one batch at a time, and duplicates are one message', async () => {
  const QueueUrl = await fifo({ ContentBasedDeduplication: 'true' });
  const sequence = [];
  for (const MessageBody of ['a1', 'b1', 'a2', 'a2']) {
    sequence.push((await send('SendMessage', { QueueUrl, MessageBody, MessageGroupId: MessageBody[0] })).SequenceNumber);
  }
  assert.equal(sequence[2], sequence[3]);
  assert.ok(sequence[0] < sequence[1] && sequence[1] < sequence[2] && sequence[0].length === 20);
  const [one] = await receive(QueueUrl, { MaxNumberOfMessages: 1 });
  assert.equal(one.Body, 'a1');
  assert.deepEqual((await receive(QueueUrl)).map((m) => m.Body), ['b1']);
  await send('DeleteMessage', { QueueUrl, ReceiptHandle: one.ReceiptHandle });
  assert.deepEqual((await receive(QueueUrl)).map((m) => m.Body), ['a2']);
  await advance(301);
  await send('SendMessage', { QueueUrl, MessageBody: 'a2', MessageGroupId: 'other' });
  assert.deepEqual((await receive(QueueUrl)).map((m) => m.Body).includes('a2'), true);
  const missing = await refusal(send('SendMessage', { QueueUrl, MessageBody: 'x' }));
  assert.equal(missing.name, 'MissingParameter');
});

test('a receive repeated with its attempt id gives the same messages', async () => {
  const QueueUrl = await fifo();
  await send('SendMessage', { QueueUrl, MessageBody: 'once', MessageGroupId: 'g', MessageDeduplicationId: '1' });
  const [first] = await receive(QueueUrl, { ReceiveRequestAttemptId: 'try' });
  const [second] = await receive(QueueUrl, { ReceiveRequestAttemptId: 'try' });
  assert.equal(second.MessageId, first.MessageId);
});

test('a message nobody can handle goes to the dead-letter queue, and a move task brings it back', async () => {
  const dead = await queue();
  const { QueueArn } = await attributes(dead, 'QueueArn');
  const QueueUrl = await queue({ VisibilityTimeout: '1', RedrivePolicy: JSON.stringify({ deadLetterTargetArn: QueueArn, maxReceiveCount: 2 }) });
  assert.deepEqual((await send('ListDeadLetterSourceQueues', { QueueUrl: dead })).queueUrls, [QueueUrl]);
  await send('SendMessage', { QueueUrl, MessageBody: 'poison' });
  for (let i = 0; i < 2; ++i) {
    assert.equal((await receive(QueueUrl)).length, 1);
    await advance(2);
  }
  assert.deepEqual(await receive(QueueUrl), []);
  const [buried] = await receive(dead, { WaitTimeSeconds: 5, VisibilityTimeout: 0, MessageSystemAttributeNames: ['All'] });
  assert.equal(buried.Body, 'poison');
  const source = (await attributes(QueueUrl, 'QueueArn')).QueueArn;
  assert.equal(buried.Attributes.DeadLetterQueueSourceArn, source);
  const { TaskHandle } = await send('StartMessageMoveTask', { SourceArn: QueueArn });
  assert.ok(TaskHandle);
  const [back] = await receive(QueueUrl, { WaitTimeSeconds: 20 });
  assert.equal(back.Body, 'poison');
  const tasks = await send('ListMessageMoveTasks', { SourceArn: QueueArn });
  assert.equal(tasks.Results[0].SourceArn, QueueArn);
  const wrong = await refusal(send('StartMessageMoveTask', { SourceArn: source }));
  assert.equal(wrong.name, 'InvalidParameterValue');
  const none = await refusal(send('CancelMessageMoveTask', { TaskHandle: 'bm9uZQ==' }));
  assert.ok(['ResourceNotFoundException', 'InvalidParameterValue'].includes(none.name), none.name);
});

test('a running move task is cancelled', async () => {
  const dead = await queue();
  const { QueueArn } = await attributes(dead, 'QueueArn');
  const QueueUrl = await queue({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: QueueArn, maxReceiveCount: 1 }) });
  for (let i = 0; i < 10; ++i) await send('SendMessage', { QueueUrl: dead, MessageBody: `${i}` });
  // Messages that were sent to the dead-letter queue itself have no queue to go back to: the task says where.
  const DestinationArn = (await attributes(QueueUrl, 'QueueArn')).QueueArn;
  const { TaskHandle } = await send('StartMessageMoveTask', { SourceArn: QueueArn, DestinationArn, MaxNumberOfMessagesPerSecond: 1 });
  const cancelled = await send('CancelMessageMoveTask', { TaskHandle });
  assert.ok(cancelled.ApproximateNumberOfMessagesMoved <= 1);
  const { Results } = await send('ListMessageMoveTasks', { SourceArn: QueueArn });
  assert.ok(['CANCELLING', 'CANCELLED'].includes(Results[0].Status), Results[0].Status);
});

test('purging empties a queue, once a minute', async () => {
  const QueueUrl = await queue();
  await send('SendMessage', { QueueUrl, MessageBody: 'x' });
  await send('PurgeQueue', { QueueUrl });
  assert.deepEqual(await receive(QueueUrl), []);
  assert.equal((await refusal(send('PurgeQueue', { QueueUrl }))).name, 'PurgeQueueInProgress');
  await advance(61);
  await send('PurgeQueue', { QueueUrl });
});

test('permissions become the policy of the queue', async () => {
  const QueueUrl = await queue();
  await send('AddPermission', { QueueUrl, Label: 'share', AWSAccountIds: ['111122223333'], Actions: ['SendMessage'] });
  const policy = JSON.parse((await attributes(QueueUrl, 'Policy')).Policy);
  assert.equal(policy.Statement[0].Sid, 'share');
  assert.equal(policy.Statement[0].Action, 'SQS:SendMessage');
  await send('RemovePermission', { QueueUrl, Label: 'share' });
  assert.equal((await refusal(send('RemovePermission', { QueueUrl, Label: 'share' }))).name, 'InvalidParameterValue');
});

test('bad input is refused with the names AWS uses', async () => {
  const QueueUrl = await queue();
  for (const [name, input, expected] of [
    ['CreateQueue', { QueueName: 'no spaces' }, 'InvalidParameterValue'],
    ['CreateQueue', { QueueName: 'x', Attributes: { Nonsense: '1' } }, 'InvalidAttributeName'],
    ['CreateQueue', { QueueName: 'x', Attributes: { VisibilityTimeout: '-1' } }, 'InvalidAttributeValue'],
    ['SendMessage', { QueueUrl, MessageBody: '' }, 'MissingParameter'],
    ['SendMessage', { QueueUrl, MessageBody: '\u0001' }, 'InvalidMessageContents'],
    ['SendMessage', { QueueUrl, MessageBody: 'x'.repeat(1_048_577) }, 'InvalidParameterValue'],
    ['ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 11 }, 'InvalidParameterValue'],
    ['ReceiveMessage', { QueueUrl, WaitTimeSeconds: 21 }, 'InvalidParameterValue'],
    ['DeleteMessage', { QueueUrl, ReceiptHandle: 'nonsense' }, 'ReceiptHandleIsInvalid'],
    ['GetQueueUrl', { QueueName: 'absent' }, 'QueueDoesNotExist'],
    ['GetQueueAttributes', { QueueUrl, AttributeNames: ['Nonsense'] }, 'InvalidAttributeName'],
  ]) {
    const error = await refusal(send(name, input));
    assert.equal(error.name, expected, `${name} ${JSON.stringify(input).slice(0, 80)}: ${error.message}`);
  }
});

test('injected faults are answered and the SDK retries them', async () => {
  const QueueUrl = await queue();
  await server.admin('faults', { service: 'sqs', operation: 'SendMessage', error: 'RequestThrottled', status: 400, count: 1 });
  assert.equal((await refusal(send('SendMessage', { QueueUrl, MessageBody: 'x' }))).name, 'RequestThrottled');
  await server.admin('faults', { service: 'sqs', operation: 'SendMessage', error: 'ServiceUnavailable', status: 503, count: 2 });
  const patient = new sdk.SQSClient(server.clientConfig({ maxAttempts: 3 }));
  const sent = await patient.send(new sdk.SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  assert.equal(sent.$metadata.attempts, 3);
  patient.destroy();
});
