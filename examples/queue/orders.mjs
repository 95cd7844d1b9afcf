// An order queue as one would write it for AWS: nothing here knows Outcrop. The SDK finds the server by
// AWS_ENDPOINT_URL, as it would find any other endpoint.
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

const sqs = new SQSClient({});
const sts = new STSClient({});

const step = (text) => console.log(`\n${text}`);
const attributesOf = async (QueueUrl, ...AttributeNames) => (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }))).Attributes;

step('Who am I?');
const identity = await sts.send(new GetCallerIdentityCommand({}));
console.log(`  ${identity.Arn}`);

step('Create a FIFO queue of orders, with a dead-letter queue for those that cannot be handled');
const deadLetters = await sqs.send(new CreateQueueCommand({ QueueName: 'orders-failed.fifo', Attributes: { FifoQueue: 'true' } }));
const { QueueArn } = await attributesOf(deadLetters.QueueUrl, 'QueueArn');
const { QueueUrl } = await sqs.send(
  new CreateQueueCommand({
    QueueName: 'orders.fifo',
    Attributes: {
      FifoQueue: 'true',
      ContentBasedDeduplication: 'true',
      VisibilityTimeout: '30',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: QueueArn, maxReceiveCount: 3 }),
    },
  }),
);
console.log(`  ${QueueUrl}`);

step('Send orders of two customers, the last one twice: a repeated send is one message');
const orders = ['ada: 1 teapot', 'ada: 2 cups', 'grace: 1 kettle', 'ada: 1 tray', 'grace: 3 spoons'];
await sqs.send(
  new SendMessageBatchCommand({
    QueueUrl,
    Entries: orders.map((MessageBody, i) => ({ Id: `${i}`, MessageBody, MessageGroupId: MessageBody.split(':')[0] })),
  }),
);
await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'grace: 3 spoons', MessageGroupId: 'grace' }));
console.log(`  ${(await attributesOf(QueueUrl, 'ApproximateNumberOfMessages')).ApproximateNumberOfMessages} messages wait`);

step('Receive them, each customer in order');
const seen = new Map();
for (let received = 0; received < orders.length; ) {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 5, MessageSystemAttributeNames: ['All'] }),
  );
  if (Messages.length === 0) throw new Error('the queue is empty too early');
  for (const { Body, Attributes } of Messages) {
    console.log(`  ${Attributes.SequenceNumber}  ${Body}`);
    const customer = Attributes.MessageGroupId;
    seen.set(customer, [...(seen.get(customer) ?? []), Body]);
  }
  await sqs.send(
    new DeleteMessageBatchCommand({ QueueUrl, Entries: Messages.map(({ ReceiptHandle }, i) => ({ Id: `${i}`, ReceiptHandle })) }),
  );
  received += Messages.length;
}
for (const [customer, bodies] of seen) {
  const expected = orders.filter((order) => order.startsWith(customer));
  if (JSON.stringify(bodies) !== JSON.stringify(expected)) throw new Error(`${customer}: got ${bodies}, expected ${expected}`);
}
console.log(`  ${(await attributesOf(QueueUrl, 'ApproximateNumberOfMessages')).ApproximateNumberOfMessages} messages wait`);

step('A long poll wakes when a message comes');
const polled = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 })).then((answer) => [answer, performance.now()]);
const sentAt = performance.now();
await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'ada: the bill', MessageGroupId: 'ada' }));
const [{ Messages }, wokenAt] = await polled;
console.log(`  "${Messages[0].Body}", ${(wokenAt - sentAt).toFixed(1)} ms after it was sent`);
