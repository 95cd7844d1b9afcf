// Routes of WebSocket APIs and what stands behind them: functions, services, endpoints and mocks, with templates, through the AWS SDK for
// JavaScript v3 and Node's "ws".
import assert from 'node:assert/strict';
import http from 'node:http';
import { once } from 'node:events';
import { after, before, beforeEach, test } from 'node:test';
import * as v2 from '@aws-sdk/client-apigatewayv2';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as lambda from '@aws-sdk/client-lambda';
import * as sqs from '@aws-sdk/client-sqs';
import WebSocket from 'ws';
import { Outcrop } from '../support/outcrop.mjs';
import { zipOf } from '../support/zip.mjs';

const source = `
export const handler = async (event) => {
  const { routeKey, eventType } = event.requestContext;
  if (routeKey === '$connect') {
    const offered = event.headers['Sec-WebSocket-Protocol']?.split(',').map((each) => each.trim()) ?? [];
    if (event.queryStringParameters?.token === 'none') return { statusCode: 403, body: 'not you' };
    if (event.queryStringParameters?.token === 'broken') throw new Error('broken');
    return { statusCode: 200, headers: offered.includes('chat') ? { 'Sec-WebSocket-Protocol': 'chat' } : {} };
  }
  const asked = event.body && event.body.startsWith('{') ? JSON.parse(event.body) : {};
  if (asked.fail) throw new Error('no stock');
  if (asked.malformed) return 'fine';
  if (asked.wait) await new Promise((resolve) => setTimeout(resolve, asked.wait));
  return { statusCode: 200, body: JSON.stringify({ routeKey, eventType, event }) };
};`;
// Of an integration that is no proxy: what it is given is its template's.
const plain = `export const handler = async (event) => { if (event.fail) throw new Error('Conflict: ' + event.fail); return { given: event }; };`;

let server, clients, api, endpoint;
const asked = [];
const send = (client, module, name, input) => clients[client].send(new module[`${name}Command`](input));
const ask = (name, input) => send('apis', v2, name, { ApiId: api, ...input });

const functionUri = (name) =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:${name}/invocations`;

async function makeFunction(FunctionName, code) {
  const Code = { ZipFile: zipOf({ 'index.mjs': code }) };
  await send('lambda', lambda, 'CreateFunction', { FunctionName, Role: 'arn:aws:iam::000000000000:role/ws', Runtime: 'nodejs20.x', Handler: 'index.handler', Code });
  await lambda.waitUntilFunctionActiveV2({ client: clients.lambda, maxWaitTime: 30, minDelay: 1 }, { FunctionName });
}

// A route to an integration, which answers where `responses` say so: integration responses by their keys, each a template.
async function route(RouteKey, integration, responses) {
  const { IntegrationId } = await ask('CreateIntegration', { TemplateSelectionExpression: integration.RequestTemplates && '\\$default', ...integration });
  const answers = responses && { RouteResponseSelectionExpression: '$default' };
  const { RouteId } = await ask('CreateRoute', { RouteKey, Target: `integrations/${IntegrationId}`, ...answers });
  if (!responses) return;
  await ask('CreateRouteResponse', { RouteId, RouteResponseKey: '$default' });
  for (const [IntegrationResponseKey, template] of Object.entries(responses))
    await ask('CreateIntegrationResponse', { IntegrationId, IntegrationResponseKey, ...(template && { ResponseTemplates: { $default: template }, TemplateSelectionExpression: '\\$default' }) });
}
const serve = (StageVariables) => ask('CreateStage', { StageName: 'live', AutoDeploy: true, StageVariables });

async function connect(query = '', protocols = []) {
  const socket = new WebSocket(`${server.endpoint.replace('http', 'ws')}/_aws/execute-api/${api}/live${query}`, protocols);
  socket.refused = new Promise((resolve) => socket.on('unexpected-response', (request, response) => resolve(response.statusCode)));
  socket.on('error', () => {});
  await Promise.race([once(socket, 'open'), socket.refused]);
  return socket;
}
async function exchange(socket, message) {
  const answer = once(socket, 'message');
  socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  return (await answer)[0].toString();
}
const exchangeJson = async (socket, message) => JSON.parse(await exchange(socket, message));

before(async () => {
  server = await Outcrop.start();
  const config = server.clientConfig();
  clients = { apis: new v2.ApiGatewayV2Client(config), lambda: new lambda.LambdaClient(config), sqs: new sqs.SQSClient(config), dynamodb: new dynamodb.DynamoDBClient(config) };
  await makeFunction('talk', source);
  await makeFunction('plain', plain);
  endpoint = http.createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    asked.push({ method: request.method, url: request.url, headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(request.url.startsWith('/missing') ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ seen: asked.length }));
  });
  await once(endpoint.listen(0, '127.0.0.1'), 'listening');
  endpoint.address = `http://127.0.0.1:${endpoint.address().port}`;
});
after(async () => {
  for (const client of Object.values(clients)) client.destroy();
  endpoint.close();
  assert.equal(await server.stop(), 0, server.log);
});
beforeEach(async () => {
  const made = await send('apis', v2, 'CreateApi', { Name: 'routes', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' });
  api = made.ApiId;
  asked.length = 0;
});

const talk = { IntegrationType: 'AWS_PROXY', IntegrationUri: functionUri('talk') };

test('a function answers a two-way route, and hears which route it is', async () => {
  await route('ask', talk, {});
  await route('$default', talk, {});
  await serve({ table: 'chats' });
  const socket = await connect();
  const { routeKey, eventType, event } = await exchangeJson(socket, { action: 'ask' });
  assert.deepEqual([routeKey, eventType], ['ask', 'MESSAGE']);
  assert.deepEqual(event.stageVariables, { table: 'chats' });
  assert.equal(event.requestContext.domainName, new URL(server.endpoint).host);
  assert.equal(event.requestContext.apiId, api);
  assert.equal((await exchangeJson(socket, 'no JSON')).routeKey, '$default');
  assert.equal((await exchangeJson(socket, { action: 'other' })).routeKey, '$default');
  socket.close();
});

test('what fails, takes too long or has no route is told in the words of AWS', async () => {
  await route('ask', talk);
  await route('slow', { ...talk, TimeoutInMillis: 50 });
  await route('lost', { ...talk, IntegrationUri: functionUri('nobody') });
  await serve();
  const socket = await connect();
  const error = async (message) => {
    const answer = await exchangeJson(socket, message);
    assert.deepEqual(Object.keys(answer), ['message', 'connectionId', 'requestId']);
    return answer.message;
  };
  assert.equal(await error({ action: 'dance' }), 'Forbidden');
  assert.equal(await error('no JSON'), 'Forbidden');
  assert.equal(await error({ action: 'ask', fail: true }), 'Internal server error');
  assert.equal(await error({ action: 'ask', malformed: true }), 'Internal server error');
  assert.equal(await error({ action: 'slow', wait: 2000 }), 'Endpoint request timed out');
  assert.equal(await error({ action: 'lost' }), 'Internal server error');
  socket.close();
});

test('$connect agrees on a subprotocol, refuses, and fails', async () => {
  await route('$connect', talk);
  await serve();
  const socket = await connect('', ['other', 'chat']);
  assert.equal(socket.protocol, 'chat');
  socket.close();
  assert.equal(await (await connect('?token=none')).refused, 403);
  assert.equal(await (await connect('?token=broken')).refused, 502);
});

test("a stage's variables choose the function and its alias", async () => {
  const { Version } = await send('lambda', lambda, 'PublishVersion', { FunctionName: 'talk' });
  await send('lambda', lambda, 'CreateAlias', { FunctionName: 'talk', Name: 'live', FunctionVersion: Version });
  await route('ask', { ...talk, IntegrationUri: functionUri('${stageVariables.fn}:${stageVariables.alias}') }, {});
  await serve({ fn: 'talk', alias: 'live' });
  const socket = await connect();
  assert.equal((await exchangeJson(socket, { action: 'ask' })).routeKey, 'ask');
  socket.close();
});

test('a mock answers by itself', async () => {
  await route('ping', { IntegrationType: 'MOCK', RequestTemplates: { $default: '{"statusCode":200}' } }, { $default: '{"pong":"$context.connectionId","said":$input.json("$")}' });
  await route('gone', { IntegrationType: 'MOCK', RequestTemplates: { $default: '{"statusCode":410}' } }, { '/4\\d\\d/': 'it is gone', $default: 'it is there' });
  await serve();
  const socket = await connect();
  const { pong } = await exchangeJson(socket, { action: 'ping' });
  assert.match(pong, /=$/);
  assert.equal(await exchange(socket, { action: 'gone' }), 'it is gone');
  socket.close();
});

test('messages go to a queue, by the query language that people write and by JSON', async () => {
  const { QueueUrl } = await send('sqs', sqs, 'CreateQueue', { QueueName: 'orders' });
  const credentials = 'arn:aws:iam::000000000000:role/ws';
  await route('form', {
    IntegrationType: 'AWS', IntegrationMethod: 'POST', CredentialsArn: credentials,
    IntegrationUri: 'arn:aws:apigateway:us-east-1:sqs:path/000000000000/orders',
    RequestParameters: { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'" },
    RequestTemplates: { $default: "Action=SendMessage&MessageBody=$util.urlEncode($input.json('$.order'))&MessageAttribute.1.Name=connectionId&MessageAttribute.1.Value.StringValue=$context.connectionId&MessageAttribute.1.Value.DataType=String" },
  }, { $default: null });
  await route('json', {
    IntegrationType: 'AWS', IntegrationMethod: 'POST', CredentialsArn: credentials,
    IntegrationUri: 'arn:aws:apigateway:us-east-1:sqs:action/SendMessage',
    RequestTemplates: { $default: `{"QueueUrl":"${QueueUrl}","MessageBody":$input.json('$.order')}` },
  }, { '/2\\d\\d/': "sent $input.path('$.MessageId')", $default: "failed $input.path('$.message')" });
  await serve();
  const socket = await connect();
  assert.match(await exchange(socket, { action: 'form', order: 'tea & cake' }), /<SendMessageResult>.*<MessageId>/s);
  assert.match(await exchange(socket, { action: 'json', order: 'bread' }), /^sent [0-9a-f-]{36}$/);
  assert.match(await exchange(socket, { action: 'json', order: '' }), /^failed /);
  const { Messages } = await send('sqs', sqs, 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] });
  assert.deepEqual(Messages.map((each) => each.Body).sort(), ['"tea & cake"', 'bread'].sort());
  socket.close();
});

test('connections keep themselves in a table without a function', async () => {
  await send('dynamodb', dynamodb, 'CreateTable', {
    TableName: 'connections', BillingMode: 'PAY_PER_REQUEST', KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }], AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  });
  const table = (operation, template) => ({
    IntegrationType: 'AWS', IntegrationMethod: 'POST', CredentialsArn: 'arn:aws:iam::000000000000:role/ws',
    IntegrationUri: `arn:aws:apigateway:us-east-1:dynamodb:action/${operation}`, RequestTemplates: { $default: template },
  });
  await route('$connect', table('PutItem', '{"TableName":"connections","Item":{"id":{"S":"$context.connectionId"},"room":{"S":"$input.params(\'room\')"}}}'));
  await route('$disconnect', table('DeleteItem', '{"TableName":"connections","Key":{"id":{"S":"$context.connectionId"}}}'));
  await route('count', table('Scan', '{"TableName":"connections","Select":"COUNT"}'), { $default: "$input.path('$.Count')" });
  await serve();
  const socket = await connect('?room=blue');
  const { Items } = await send('dynamodb', dynamodb, 'Scan', { TableName: 'connections' });
  assert.equal(Items.length, 1);
  assert.equal(Items[0].room.S, 'blue');
  assert.equal(await exchange(socket, { action: 'count' }), '1');
  socket.close();
  for (let left = 1; left > 0; ) left = (await send('dynamodb', dynamodb, 'Scan', { TableName: 'connections' })).Count;
});

test('a function behind templates is given what they make, and its errors choose the response', async () => {
  await route('ask', { IntegrationType: 'AWS', IntegrationMethod: 'POST', IntegrationUri: functionUri('plain'), RequestTemplates: { $default: '{"fail":"$input.path(\'$.fail\')","who":"$context.connectionId"}' } }, {
    '/Conflict:.*/': "no: $input.path('$.errorMessage')", $default: "yes: $input.path('$.given.who')",
  });
  await serve();
  const socket = await connect();
  assert.match(await exchange(socket, { action: 'ask' }), /^yes: .*=$/);
  assert.equal(await exchange(socket, { action: 'ask', fail: 'twice' }), 'no: Conflict: twice');
  socket.close();
});

test('endpoints are asked over HTTP, as they are and by templates', async () => {
  await route('proxy', {
    IntegrationType: 'HTTP_PROXY', IntegrationMethod: 'POST', IntegrationUri: `${endpoint.address}/chat`,
    RequestParameters: { 'integration.request.header.connectionId': 'context.connectionId' },
  }, {});
  await route('mapped', {
    IntegrationType: 'HTTP', IntegrationMethod: 'PUT', IntegrationUri: `${endpoint.address}/missing/{id}`,
    RequestParameters: { 'integration.request.path.id': 'route.request.body.id', 'integration.request.querystring.v': "'2'" },
    RequestTemplates: { $default: '{"id":"$input.path(\'$.id\')"}' },
  }, { '/4\\d\\d/': "missing, as $input.path('$.seen') said", $default: 'there' });
  await serve();
  const socket = await connect();
  assert.deepEqual(await exchangeJson(socket, { action: 'proxy', text: 'hi' }), { seen: 1 });
  assert.equal(asked[0].body, '{"action":"proxy","text":"hi"}');
  assert.match(asked[0].headers.connectionid, /=$/);
  assert.equal(await exchange(socket, { action: 'mapped', id: 'a/b' }), 'missing, as 2 said');
  assert.equal(asked[1].method, 'PUT');
  assert.equal(asked[1].url, '/missing/a%2Fb?v=2');
  assert.equal(asked[1].body, '{"id":"a/b"}');
  socket.close();
});

test('messages of one connection are carried out at once and answered by their own results', async () => {
  await route('ask', talk, {});
  await serve();
  const socket = await connect();
  const answers = [];
  socket.on('message', (data) => answers.push(JSON.parse(JSON.parse(data).event.body).n));
  for (let n = 0; n < 50; ++n) socket.send(JSON.stringify({ action: 'ask', n }));
  while (answers.length < 50) await once(socket, 'message');
  assert.deepEqual(answers.sort((a, b) => a - b), [...Array(50).keys()]);
  socket.close();
});
