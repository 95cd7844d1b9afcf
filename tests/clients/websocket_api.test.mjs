// WebSocket APIs as their clients and their backends have them: Node's "ws", the management API through the AWS SDK for JavaScript v3, and
// functions that keep a registry of connections and answer through the endpoint that their events name.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, test } from 'node:test';
import * as v2 from '@aws-sdk/client-apigatewayv2';
import { ApiGatewayManagementApiClient, DeleteConnectionCommand, GetConnectionCommand, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import * as lambda from '@aws-sdk/client-lambda';
import WebSocket from 'ws';
import { Outcrop, refusal } from '../support/outcrop.mjs';
import { zipOf } from '../support/zip.mjs';

// Keeps who is connected in an application's own way, here its log of events in the order in which they came.
const source = `
import https from 'node:https';
const events = [];
const post = (url, body) => new Promise((resolve, reject) => {
  const request = https.request(url, { method: 'POST' }, (response) => response.resume().on('end', () => resolve(response.statusCode)));
  request.on('error', reject).end(body);
});
export const handler = async (event) => {
  const { routeKey, connectionId, domainName, stage, disconnectStatusCode, disconnectReason } = event.requestContext;
  if (!event.requestContext.connectionId) return events.splice(0);
  if (routeKey === '$connect' && event.queryStringParameters?.token === 'wrong') return { statusCode: 401 };
  if (routeKey === '$connect' || routeKey === '$disconnect')
    events.push([routeKey, connectionId, disconnectStatusCode, disconnectReason].filter((each) => each !== undefined));
  if (routeKey === 'whoami') return { statusCode: 200, body: JSON.stringify({ connectionId, domainName, stage }) };
  if (routeKey === 'shout') return { statusCode: await post(\`https://\${domainName}/\${stage}/@connections/\${connectionId}\`, event.body.toUpperCase()) };
  return { statusCode: 200 };
};`;

const Role = 'arn:aws:iam::000000000000:role/sockets';
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'outcrop-websocket-'));
let server, apis, functions, api;

const ask = (name, input) => apis.send(new v2[`${name}Command`](input));
const manage = (endpoint) => new ApiGatewayManagementApiClient(server.clientConfig({ endpoint }));
const address = (id = api) => `${server.endpoint.replace('http', 'ws')}/_aws/execute-api/${id}/live`;

// What the function heard of since it was asked last; the same environment answers because the function may have only one, which an event
// that is under way keeps busy.
async function heard() {
  try {
    const { Payload } = await functions.send(new lambda.InvokeCommand({ FunctionName: 'sockets', Payload: '{"requestContext":{}}' }));
    return JSON.parse(Buffer.from(Payload));
  } catch (error) {
    if (error.name === 'TooManyRequestsException') return [];
    throw error;
  }
}
async function heardOf(count) {
  const events = [];
  for (const deadline = performance.now() + 60_000; events.length < count && performance.now() < deadline; ) {
    events.push(...(await heard()));
    await pause(200); // one environment is asked ten times a second at the most, by others too
  }
  return events;
}

// A function that may have one environment cannot let anybody in while it is told of somebody else: the client tries again then.
async function connect(url = address(), options) {
  for (const deadline = performance.now() + 30_000; ; ) {
    const socket = new WebSocket(url, options);
    socket.received = [];
    socket.on('message', (data) => socket.received.push(data.toString()));
    socket.closed = new Promise((resolve) => socket.on('close', (code, reason) => resolve([code, reason.toString()])));
    try {
      await once(socket, 'open');
      return socket;
    } catch (error) {
      if (!error.message.endsWith(' 502') || performance.now() > deadline) throw error;
    }
  }
}
const next = async (socket) => (await once(socket, 'message'))[0].toString();
async function idOf(socket) {
  const answer = next(socket);
  socket.send('{"action":"whoami"}');
  return JSON.parse(await answer);
}

async function makeApi(Tags) {
  const { ApiId } = await ask('CreateApi', { Name: 'sockets', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action', Tags });
  const IntegrationUri = 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:sockets/invocations';
  const { IntegrationId } = await ask('CreateIntegration', { ApiId, IntegrationType: 'AWS_PROXY', IntegrationUri });
  for (const RouteKey of ['$connect', '$disconnect', '$default', 'shout', 'whoami']) {
    const answers = RouteKey === 'whoami' && { RouteResponseSelectionExpression: '$default' };
    const { RouteId } = await ask('CreateRoute', { ApiId, RouteKey, Target: `integrations/${IntegrationId}`, ...answers });
    if (answers) await ask('CreateRouteResponse', { ApiId, RouteId, RouteResponseKey: '$default' });
  }
  await ask('CreateStage', { ApiId, StageName: 'live', AutoDeploy: true });
  return ApiId;
}

async function start(...args) {
  server = await Outcrop.start('--data', folder, '--clock', 'manual', ...args);
  apis = new v2.ApiGatewayV2Client(server.clientConfig());
  functions = new lambda.LambdaClient(server.clientConfig());
}
async function stop() {
  apis.destroy();
  functions.destroy();
  assert.equal(await server.stop(), 0, server.log);
}

before(async () => {
  await start();
  await functions.send(new lambda.CreateFunctionCommand({ FunctionName: 'sockets', Role, Runtime: 'nodejs20.x', Handler: 'index.handler', Code: { ZipFile: zipOf({ 'index.mjs': source }) } }));
  await lambda.waitUntilFunctionActiveV2({ client: functions, maxWaitTime: 30, minDelay: 1 }, { FunctionName: 'sockets' });
  await functions.send(new lambda.PutFunctionConcurrencyCommand({ FunctionName: 'sockets', ReservedConcurrentExecutions: 1 }));
  api = await makeApi();
});
after(async () => {
  await stop();
  fs.rmSync(folder, { recursive: true });
});

test('a client connects, talks and goes, and its function hears of all that', async () => {
  const socket = await connect();
  const { connectionId, domainName, stage } = await idOf(socket);
  assert.match(connectionId, /^[\w-]{15}=$/);
  assert.equal(domainName, new URL(server.endpoint).host);
  assert.equal(stage, 'live');
  socket.close(4001, 'enough');
  assert.equal((await socket.closed)[0], 4001);
  assert.deepEqual(await heardOf(2), [['$connect', connectionId], ['$disconnect', connectionId, 4001, 'enough']]);
});

test('whom $connect refuses does not connect', async () => {
  const socket = new WebSocket(`${address()}?token=wrong`);
  const [, response] = await once(socket, 'unexpected-response');
  assert.equal(response.statusCode, 401);
  socket.on('error', () => {}).terminate();
});

test('what is no stage is forbidden, and so is what is no WebSocket', async () => {
  const [error] = await once(new WebSocket(address('nowhere')), 'error');
  assert.match(error.message, /403/);
  const answer = await fetch(address().replace('ws', 'http'));
  assert.equal(answer.status, 403);
  assert.equal((await answer.json()).message, 'Forbidden');
});

test('a function posts through the endpoint that its event names, over TLS', async () => {
  const socket = await connect();
  const answer = next(socket);
  socket.send('{"action":"shout"}');
  assert.equal(await answer, '{"ACTION":"SHOUT"}');
  socket.close();
  await socket.closed;
  await heardOf(2);
});

test('backends post, ask and end, by every address of the management API', async () => {
  const socket = await connect();
  const { connectionId: ConnectionId } = await idOf(socket);
  for (const prefix of ['live', `_aws/execute-api/${api}/live`, '']) {
    const client = manage(`${server.endpoint}/${prefix}`);
    const answer = next(socket);
    await client.send(new PostToConnectionCommand({ ConnectionId, Data: `by ${prefix}` }));
    assert.equal(await answer, `by ${prefix}`);
    client.destroy();
  }
  const client = manage(`${server.endpoint}/live`);
  const told = await client.send(new GetConnectionCommand({ ConnectionId }));
  assert.equal(told.Identity.SourceIp, '127.0.0.1');
  assert.ok(told.ConnectedAt <= told.LastActiveAt);
  assert.equal((await refusal(client.send(new PostToConnectionCommand({ ConnectionId, Data: 'x'.repeat(131073) })))).name, 'PayloadTooLargeException');
  await client.send(new DeleteConnectionCommand({ ConnectionId }));
  assert.deepEqual(await socket.closed, [1000, 'Connection Closed Normally']);
  assert.deepEqual((await heardOf(2))[1], ['$disconnect', ConnectionId, 1000, 'Connection Closed Normally']);
  const gone = await refusal(client.send(new PostToConnectionCommand({ ConnectionId, Data: 'too late' })));
  assert.equal(gone.name, 'GoneException');
  assert.equal(gone.$metadata.httpStatusCode, 410);
  client.destroy();
});

test('posts of one backend keep their order', async () => {
  const socket = await connect();
  const { connectionId: ConnectionId } = await idOf(socket);
  socket.received.length = 0;
  const client = manage(`${server.endpoint}/live`);
  for (let i = 0; i < 200; i++) await client.send(new PostToConnectionCommand({ ConnectionId, Data: `${i}` }));
  while (socket.received.length < 200) await next(socket);
  assert.deepEqual(socket.received, Array.from({ length: 200 }, (_, i) => `${i}`));
  client.destroy();
  socket.close();
  await socket.closed;
  await heardOf(2);
});

test('who is idle for ten minutes is closed, and nobody lasts longer than two hours', async () => {
  const idle = await connect();
  await server.admin('clock/advance', { seconds: 600 });
  assert.deepEqual(await idle.closed, [1001, 'Going away']);
  assert.deepEqual((await heardOf(2))[1].slice(2), [1001, 'Going away']);
  const busy = await connect();
  for (let minutes = 0; minutes < 120; minutes += 7) {
    await idOf(busy);
    await server.admin('clock/advance', { seconds: 7 * 60 });
  }
  assert.deepEqual(await busy.closed, [1001, 'Going away']);
  await heardOf(2);
});

test('a tag sets another idle time-out', async () => {
  const tagged = await makeApi({ 'outcrop:idle-timeout-seconds': '30' });
  const socket = await connect(address(tagged));
  await server.admin('clock/advance', { seconds: 30 });
  assert.deepEqual(await socket.closed, [1001, 'Going away']);
  await heardOf(2);
});

test('messages and frames above the limits, and binary ones, end the connection', async () => {
  for (const [say, code] of [[(socket) => socket.send('x'.repeat(32 * 1024 + 1)), 1009], [(socket) => socket.send(Buffer.from([1])), 1003]]) {
    const socket = await connect();
    say(socket);
    assert.equal((await socket.closed)[0], code);
    assert.equal((await heardOf(2))[1][2], code);
  }
});

test('a server that stops says so, and the next one has nothing left to tell', async () => {
  const socket = await connect();
  const { connectionId } = await idOf(socket);
  assert.deepEqual(await heardOf(1), [['$connect', connectionId]]);
  await stop();
  assert.equal((await socket.closed)[0], 1001);
  await start();
  assert.deepEqual(await heard(), []);
});

test('a server that is killed leaves its connections to the next one', async () => {
  const socket = await connect();
  const { connectionId } = await idOf(socket);
  server.child.kill('SIGKILL');
  await server.ended;
  assert.equal((await socket.closed)[0], 1006);
  await start();
  assert.deepEqual((await heardOf(1)).map((event) => event.slice(0, 3)), [['$disconnect', connectionId, 1006]]);
});
