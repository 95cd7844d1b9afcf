// Functions reach the server's own APIs by the names that APIs have on AWS, over TLS that they trust: of a server without a data directory,
// and without a certificate from elsewhere.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CreateApiCommand, CreateStageCommand, ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { Outcrop } from '../support/outcrop.mjs';
import { zipOf } from '../support/zip.mjs';

let server, lambda, name;
before(async () => {
  server = await Outcrop.start();
  lambda = new LambdaClient(server.clientConfig());
  const apis = new ApiGatewayV2Client(server.clientConfig());
  const { ApiId } = await apis.send(new CreateApiCommand({ Name: 'names', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' }));
  await apis.send(new CreateStageCommand({ ApiId, StageName: 'live', AutoDeploy: true }));
  name = `${ApiId}.execute-api.us-east-1.amazonaws.com`;
});
after(() => server.stop());

async function answerOf(Runtime, Handler, files) {
  const Role = 'arn:aws:iam::000000000000:role/function';
  const FunctionName = Runtime.replace('.', '');
  await lambda.send(new CreateFunctionCommand({ FunctionName, Runtime, Handler, Role, Timeout: 20, Code: { ZipFile: zipOf(files) } }));
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(`https://${name}/live/@connections/nobody`) }));
  return JSON.parse(Payload.transformToString());
}

// Whose connection is gone: what only the management API of this server says.
test('a Node.js function', async () => {
  const code = 'exports.handler = (url) => fetch(url).then(async (answer) => [answer.status, answer.headers.get("x-amzn-errortype")]);';
  assert.deepEqual(await answerOf('nodejs22.x', 'index.handler', { 'index.js': code }), [410, 'GoneException']);
});

test('a Python function', async () => {
  const code = `import urllib.error, urllib.request
def handler(url, context):
  try:
    return [urllib.request.urlopen(url, timeout=10).status, None]
  except urllib.error.HTTPError as error:
    return [error.code, error.headers["x-amzn-errortype"]]`;
  assert.deepEqual(await answerOf('python3.12', 'main.handler', { 'main.py': code }), [410, 'GoneException']);
});
