// One message there and back, as one would write it for AWS: the endpoint comes from AWS_ENDPOINT_URL, http or https, and
// --http2 makes the SDK speak HTTP/2, as its clients for Bedrock do by themselves.
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { NodeHttp2Handler } from '@smithy/node-http-handler';

const http2 = process.argv.includes('--http2');
const sqs = new SQSClient(http2 ? { requestHandler: new NodeHttp2Handler() } : {});

const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'hello' }));
await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: `hello over ${http2 ? 'HTTP/2' : 'HTTP/1.1'}` }));
const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
console.log(`  ${QueueUrl}: "${Messages[0].Body}"`);
await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0].ReceiptHandle }));
sqs.destroy();
