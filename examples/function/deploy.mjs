// Deploys the function with the AWS SDK, gives it a URL that streams, and asks it by both ways. Nothing here knows Outcrop.
//
//   node deploy.mjs PACKAGE.zip QUESTION...
import { readFile } from 'node:fs/promises';
import * as lambda from '@aws-sdk/client-lambda';

const [path, ...questions] = process.argv.slice(2);
const client = new lambda.LambdaClient({});
const FunctionName = 'answers';

await client.send(
  new lambda.CreateFunctionCommand({
    FunctionName,
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Role: 'arn:aws:iam::000000000000:role/answers',
    Code: { ZipFile: await readFile(path) },
    Timeout: 60,
    MemorySize: 512,
  }),
);
await lambda.waitUntilFunctionActiveV2({ client, maxWaitTime: 30 }, { FunctionName });
const { FunctionUrl } = await client.send(new lambda.CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'NONE', InvokeMode: 'RESPONSE_STREAM' }));
for (const [Action, more] of [
  ['lambda:InvokeFunctionUrl', { FunctionUrlAuthType: 'NONE' }],
  ['lambda:InvokeFunction', { InvokedViaFunctionUrl: true }],
]) {
  await client.send(new lambda.AddPermissionCommand({ FunctionName, StatementId: Action.slice(7), Action, Principal: '*', ...more }));
}
console.log(`\nThe function ${FunctionName} runs; its URL is ${FunctionUrl}`);

async function* invoked(question) {
  const { EventStream } = await client.send(new lambda.InvokeWithResponseStreamCommand({ FunctionName, Payload: JSON.stringify({ question }) }));
  for await (const { PayloadChunk, InvokeComplete } of EventStream) {
    if (PayloadChunk) yield PayloadChunk.Payload;
    if (InvokeComplete?.ErrorCode) throw new Error(`${InvokeComplete.ErrorCode}: ${InvokeComplete.ErrorDetails}`);
  }
}

async function* fetched(question) {
  const response = await fetch(FunctionUrl, { method: 'POST', body: JSON.stringify({ question }) });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  yield* response.body;
}

const ways = [
  ['InvokeWithResponseStream', invoked],
  ['its URL', fetched],
];
for (const [at, question] of questions.entries()) {
  const [way, ask] = ways[at % ways.length];
  console.log(`\n? ${question} (by ${way})`);
  process.stdout.write('  ');
  const began = performance.now();
  const decoder = new TextDecoder();
  let first, parts = 0;
  for await (const part of ask(question)) {
    first ??= performance.now() - began;
    ++parts;
    process.stdout.write(decoder.decode(part, { stream: true }).replaceAll('\n', '\n  '));
  }
  console.log(`\n  [${parts} parts, the first after ${Math.round(first)} ms]`);
}
