// Who is let through to a WebSocket API, with Node's "ws" and the AWS SDK for JavaScript v3: authorizers, signed handshakes, throttles, API
// keys with usage plans; and what CloudWatch and access logs say of it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import * as v2 from '@aws-sdk/client-apigatewayv2';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import * as lambda from '@aws-sdk/client-lambda';
import WebSocket from 'ws';
import { Outcrop, refusal } from '../support/outcrop.mjs';
import { zipOf } from '../support/zip.mjs';

// The authorizer, and the route that says what it was told of the client.
const source = `
const policy = (Effect, Resource) => ({ Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect, Resource }] });
export const handler = async (event) => {
  if (event.type !== 'REQUEST') return { statusCode: 200, body: JSON.stringify(event.requestContext) };
  const token = event.headers.Auth ?? event.queryStringParameters.token;
  if (token === 'unknown') throw new Error('Unauthorized');
  if (token === 'broken') throw new Error('no database');
  return { principalId: 'ada', policyDocument: policy(token === 'good' ? 'Allow' : 'Deny', event.methodArn), context: { plan: 'gold', level: 7 } };
};`;

const account = '000000000000';
const accessKey = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const settings = `
credentials: [{access_key_id: ${accessKey.accessKeyId}, secret_access_key: ${accessKey.secretAccessKey}, account: "${account}"}]
api_keys:
  - {key: wsk-of-the-web-client-01, name: web, account: "${account}", tenant: acme, plan: small}
  - {key: wsk-of-the-phones-000001, name: phones, account: "${account}", tenant: acme, plan: small}
usage_plans: [{name: small, connections: 2, messages_per_second: 1, message_burst: 2}]
`;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'outcrop-guards-'));
const functionUri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:${account}:function:guard/invocations`;

let server, enforced, apis, functions, sockets = [];
const ask = (name, input, client = apis) => client.send(new v2[`${name}Command`](input));
const address = (api, query = '', of = server) => `${of.endpoint.replace('http', 'ws')}/_aws/execute-api/${api}/live${query}`;

// Opens a connection, or gives the status that it was refused with.
async function connect(url, headers) {
  const socket = new WebSocket(url, { headers });
  sockets.push(socket);
  const opened = once(socket, 'open').then(() => socket);
  const refused = once(socket, 'unexpected-response').then(async ([, response]) => {
    const text = (await response.toArray()).join('');
    socket.on('error', () => {}).terminate();
    return { status: response.statusCode, ...JSON.parse(text) };
  });
  opened.catch(() => {});
  refused.catch(() => {});
  return Promise.race([opened, refused]);
}
async function tell(socket, text = '{"action":"who"}') {
  const answer = once(socket, 'message');
  socket.send(text);
  return JSON.parse((await answer)[0].toString());
}
// The lines of a log group, once they are what is waited for.
async function logged(logGroupName, isComplete) {
  const logs = new CloudWatchLogsClient(server.clientConfig());
  let lines = [];
  for (const deadline = performance.now() + 20_000; !isComplete(lines) && performance.now() < deadline; ) {
    const found = await logs.send(new FilterLogEventsCommand({ logGroupName })).catch(() => ({ events: [] }));
    lines = found.events.map((event) => event.message);
  }
  logs.destroy();
  return lines;
}
async function close(socket) {
  const closed = once(socket, 'close');
  socket.close();
  await closed;
}

// With a two-way route "who"; `connectRoute` describes $connect.
async function makeApi({ connectRoute = {}, stage = {}, client, ...api } = {}) {
  const send = (name, input) => ask(name, input, client);
  const { ApiId } = await send('CreateApi', { Name: 'guarded', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action', ...api });
  const { IntegrationId } = await send('CreateIntegration', { ApiId, IntegrationType: 'AWS_PROXY', IntegrationUri: functionUri });
  await send('CreateRoute', { ApiId, RouteKey: '$connect', ...(typeof connectRoute === 'function' ? await connectRoute(ApiId) : connectRoute) });
  const { RouteId } = await send('CreateRoute', { ApiId, RouteKey: 'who', Target: `integrations/${IntegrationId}`, RouteResponseSelectionExpression: '$default' });
  await send('CreateRouteResponse', { ApiId, RouteId, RouteResponseKey: '$default' });
  await send('CreateStage', { ApiId, StageName: 'live', AutoDeploy: true, ...stage });
  return ApiId;
}
const makeAuthorizer = (ApiId, more) =>
  ask('CreateAuthorizer', { ApiId, Name: 'tokens', AuthorizerType: 'REQUEST', AuthorizerUri: functionUri, IdentitySource: ['route.request.header.Auth'], ...more });
const authorized = async (ApiId) => ({ AuthorizationType: 'CUSTOM', AuthorizerId: (await makeAuthorizer(ApiId)).AuthorizerId });

before(async () => {
  const config = path.join(folder, 'outcrop.yaml');
  fs.writeFileSync(config, settings, { mode: 0o600 });
  server = await Outcrop.start('--clock', 'manual', '--config', config);
  enforced = await Outcrop.start('--auth', 'enforce', '--config', config);
  apis = new v2.ApiGatewayV2Client(server.clientConfig());
  functions = new lambda.LambdaClient(server.clientConfig());
  const Role = `arn:aws:iam::${account}:role/guard`;
  await functions.send(new lambda.CreateFunctionCommand({ FunctionName: 'guard', Role, Runtime: 'nodejs20.x', Handler: 'index.handler', Code: { ZipFile: zipOf({ 'index.mjs': source }) } }));
  await lambda.waitUntilFunctionActiveV2({ client: functions, maxWaitTime: 30, minDelay: 1 }, { FunctionName: 'guard' });
});
after(async () => {
  for (const socket of sockets) socket.terminate();
  apis.destroy();
  functions.destroy();
  assert.equal(await server.stop(), 0, server.log);
  assert.equal(await enforced.stop(), 0, enforced.log);
  fs.rmSync(folder, { recursive: true });
});

test('an authorizer is created, shown, changed, listed and deleted', async () => {
  const ApiId = await makeApi();
  const created = await makeAuthorizer(ApiId);
  assert.equal(created.Name, 'tokens');
  assert.deepEqual(created.IdentitySource, ['route.request.header.Auth']);
  const { AuthorizerId } = created;
  await ask('UpdateAuthorizer', { ApiId, AuthorizerId, Name: 'better', IdentitySource: ['route.request.querystring.token'] });
  const shown = await ask('GetAuthorizer', { ApiId, AuthorizerId });
  assert.equal(shown.Name, 'better');
  assert.equal(shown.AuthorizerUri, functionUri);
  assert.deepEqual((await ask('GetAuthorizers', { ApiId })).Items.map((each) => each.AuthorizerId), [AuthorizerId]);
  await ask('DeleteAuthorizer', { ApiId, AuthorizerId });
  assert.equal((await refusal(ask('GetAuthorizer', { ApiId, AuthorizerId }))).name, 'NotFoundException');
});

test('an authorizer that WebSocket APIs cannot have is refused', async () => {
  const ApiId = await makeApi();
  const problem = async (more) => {
    const error = await refusal(makeAuthorizer(ApiId, more));
    return [error.name, error.message.slice(0, 60)];
  };
  assert.deepEqual(await problem({ AuthorizerResultTtlInSeconds: 0 }), ['BadRequestException', 'AuthorizerResultTtlInSeconds cannot be set for WEBSOCKET protocol Apis.'.slice(0, 60)]);
  assert.deepEqual(await problem({ AuthorizerType: 'JWT' }), ['BadRequestException', 'Invalid authorizer type. Only REQUEST authorizer type is supported on WEBSOCKET protocol Apis.'.slice(0, 60)]);
  assert.match((await problem({ IdentitySource: ['$request.header.Auth'] }))[1], /^Invalid request identity source expression/);
  assert.match((await problem({ AuthorizerUri: 'https://example.com' }))[1], /^Invalid Authorizer URI/);
  await makeAuthorizer(ApiId);
  assert.equal((await problem({}))[0], 'ConflictException');
});

test('an authorizer that a route asks for stays', async () => {
  const ApiId = await makeApi({ connectRoute: authorized });
  const { AuthorizerId } = (await ask('GetAuthorizers', { ApiId })).Items[0];
  const error = await refusal(ask('DeleteAuthorizer', { ApiId, AuthorizerId }));
  assert.equal(error.name, 'ConflictException');
  assert.match(error.message, /is referenced in route: \$connect/);
});

test('an authorizer lets in whom it knows, and later events say who that is', async () => {
  const ApiId = await makeApi({ connectRoute: authorized });
  const socket = await connect(address(ApiId), { Auth: 'good' });
  const { authorizer } = await tell(socket);
  assert.equal(authorizer.principalId, 'ada');
  assert.equal(authorizer.plan, 'gold');
  assert.equal(authorizer.level, '7');
  const refused = async (headers) => {
    const { status, message } = await connect(address(ApiId), headers);
    return [status, message];
  };
  assert.deepEqual(await refused({}), [401, 'Unauthorized']);
  assert.deepEqual(await refused({ Auth: 'unknown' }), [401, 'Unauthorized']);
  assert.deepEqual(await refused({ Auth: 'bad' }), [403, 'User is not authorized to access this resource with an explicit deny']);
  assert.deepEqual(await refused({ Auth: 'broken' }), [500, 'Internal server error']);
});

test('a browser, which sends no headers, brings its token in the query', async () => {
  const ApiId = await makeApi({
    connectRoute: async (ApiId) => ({ AuthorizationType: 'CUSTOM', AuthorizerId: (await makeAuthorizer(ApiId, { IdentitySource: ['route.request.querystring.token'] })).AuthorizerId }),
  });
  assert.equal((await tell(await connect(address(ApiId, '?token=good')))).authorizer.principalId, 'ada');
  assert.equal((await connect(address(ApiId))).status, 401);
});

test('a stage throttles its routes', async () => {
  const ApiId = await makeApi({ stage: { RouteSettings: { who: { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 2 } } } });
  const socket = await connect(address(ApiId));
  assert.equal((await tell(socket)).routeKey, 'who');
  assert.equal((await tell(socket)).routeKey, 'who');
  assert.equal((await tell(socket)).message, 'Too Many Requests');
  await server.admin('clock/advance', { duration: '2s' });
  assert.equal((await tell(socket)).routeKey, 'who');
});

test('an API key is asked for by tag, and its tenant is held to a plan', async () => {
  const ApiId = await makeApi({ Tags: { 'outcrop:api-keys': 'required' } });
  assert.deepEqual([(await connect(address(ApiId))).status, (await connect(address(ApiId), { 'x-api-key': 'guessed-by-somebody-else' })).status], [403, 403]);
  const web = await connect(address(ApiId), { 'x-api-key': 'wsk-of-the-web-client-01' });
  const phone = await connect(address(ApiId, '?x-api-key=wsk-of-the-phones-000001'));
  const third = await connect(address(ApiId, '?x-api-key=wsk-of-the-phones-000001'));
  assert.deepEqual([third.status, third.message], [429, 'Limit Exceeded']);
  assert.equal((await tell(web)).identity.apiKeyId, 'web');
  assert.equal((await tell(phone)).identity.apiKeyId, 'phones');
  assert.equal((await tell(phone)).message, 'Too Many Requests');
  await close(web);
  for (const deadline = performance.now() + 10_000; performance.now() < deadline; ) {
    const next = await connect(address(ApiId, '?x-api-key=wsk-of-the-phones-000001'));
    if (next instanceof WebSocket) return;
    assert.equal(next.status, 429);
  }
  assert.fail('a connection that was closed still counts');
});

test('an API key is asked for by the $connect route, as on AWS', async () => {
  const ApiId = await makeApi({ connectRoute: { ApiKeyRequired: true } });
  assert.equal((await connect(address(ApiId))).status, 403);
  assert.equal((await connect(address(ApiId, '?x-api-key=wsk-of-the-phones-000001'))).status, 403);
});

test('events are counted in CloudWatch and written to the access log', async () => {
  const Format = '$context.connectionId $context.eventType $context.routeKey $context.status $context.error.responseType';
  const AccessLogSettings = { DestinationArn: `arn:aws:logs:us-east-1:${account}:log-group:sockets`, Format };
  const ApiId = await makeApi({ connectRoute: authorized, stage: { AccessLogSettings } });
  const socket = await connect(address(ApiId), { Auth: 'good' });
  const { connectionId } = await tell(socket);
  await connect(address(ApiId));

  const lines = await logged('sockets', (said) => said.length >= 3);
  assert.deepEqual(lines.slice(0, 2), [`${connectionId} CONNECT $connect 200 -`, `${connectionId} MESSAGE who 200 -`]);
  assert.match(lines[2], /CONNECT \$connect 401 UNAUTHORIZED$/);

  const { time: begun } = await server.admin('clock', undefined, 'GET');
  await server.admin('clock/advance', { duration: '2m' });
  const cloudwatch = new CloudWatchClient(server.clientConfig());
  const sum = async (MetricName) => {
    const StartTime = new Date(new Date(begun).getTime() - 3_600_000), EndTime = new Date(new Date(begun).getTime() + 600_000);
    const Dimensions = [{ Name: 'ApiId', Value: ApiId }, { Name: 'Stage', Value: 'live' }];
    const { Datapoints } = await cloudwatch.send(new GetMetricStatisticsCommand({ Namespace: 'AWS/ApiGateway', MetricName, Dimensions, StartTime, EndTime, Period: 3600, Statistics: ['Sum'] }));
    return Datapoints.reduce((all, each) => all + each.Sum, 0);
  };
  assert.deepEqual([await sum('ConnectCount'), await sum('MessageCount'), await sum('ClientError')], [1, 1, 1]);
  cloudwatch.destroy();
});

test('execution logs follow a stage that wants them, as far as it wants them', async () => {
  const DefaultRouteSettings = { LoggingLevel: 'INFO', DataTraceEnabled: true };
  const ApiId = await makeApi({ connectRoute: authorized, stage: { DefaultRouteSettings } });
  const socket = await connect(address(ApiId), { Auth: 'good' });
  const { connectionId, requestId } = await tell(socket);
  await close(socket);
  const ended = `Client [Connection Id: ${connectionId}] disconnected from API [${ApiId}]`;
  const lines = await logged(`/aws/apigateway/${ApiId}/live`, (said) => said.some((line) => line.includes(ended)));
  const of = (id) => lines.filter((line) => line.startsWith(`(${id}) `)).map((line) => line.slice(id.length + 3));
  const [first] = lines[0].slice(1).split(')');
  assert.match(of(first).join('\n'), /^Extended Request Id: .*\nStarting authorizer: /);
  assert.equal(of(first).at(-1), `Client [Connection Id: ${connectionId}] connected to API [${ApiId}] successfully.`);
  const said = of(requestId);
  assert.deepEqual(said.slice(2, 5), [
    'WebSocket Request Route: [who]',
    `WebSocket API [${ApiId}] received message from client [Connection Id: ${connectionId}].`,
    'Method request body before transformations: {"action":"who"}'
  ]);
  assert.ok(said.some((line) => /^AWS Integration Endpoint RequestId : [0-9a-f-]{36}$/.test(line)), said.join('\n'));
  assert.equal(said.at(-1), `Message from client [Connection Id: ${connectionId}] sent to API [${ApiId}] with response status code [200].`);
});

test('an execution log of errors has what failed alone', async () => {
  const ApiId = await makeApi({ connectRoute: authorized, stage: { DefaultRouteSettings: { LoggingLevel: 'ERROR' } } });
  await connect(address(ApiId), { Auth: 'good' });
  await connect(address(ApiId), { Auth: 'broken' });
  const lines = await logged(`/aws/apigateway/${ApiId}/live`, (said) => said.length >= 1);
  assert.equal(lines.length, 1, lines.join('\n'));
  assert.match(lines[0], /^\([^)]+\) Execution failed due to an authorizer error: The function failed: .*no database/);
});

test('where IAM decides, a handshake is signed, in its headers or in its query', async () => {
  const client = new v2.ApiGatewayV2Client(enforced.clientConfig({ credentials: accessKey }));
  const ApiId = await makeApi({ client, connectRoute: { AuthorizationType: 'AWS_IAM' } });
  client.destroy();
  const { host, hostname, port } = new URL(enforced.endpoint);
  const request = { method: 'GET', protocol: 'ws:', hostname, port: Number(port), path: `/_aws/execute-api/${ApiId}/live`, query: {}, headers: { host } };
  const signer = (credentials) => new SignatureV4({ service: 'execute-api', region: 'us-east-1', credentials, sha256: Sha256 });
  const presigned = async (credentials) => {
    const { query } = await signer(credentials).presign(request, { expiresIn: 60 });
    return address(ApiId, `?${new URLSearchParams(query)}`, enforced);
  };

  assert.ok((await connect(await presigned(accessKey))) instanceof WebSocket);
  const { headers } = await signer(accessKey).sign(request);
  assert.ok((await connect(address(ApiId, '', enforced), headers)) instanceof WebSocket);
  const unsigned = await connect(address(ApiId, '', enforced));
  assert.deepEqual([unsigned.status, unsigned.message], [403, 'Missing Authentication Token']);
  const forged = await connect(await presigned({ ...accessKey, secretAccessKey: 'not that secret at all' }));
  assert.equal(forged.status, 403);
});

test('the quotas of API Gateway are shown, and may be raised', async () => {
  const { ServiceQuotasClient, GetServiceQuotaCommand, RequestServiceQuotaIncreaseCommand } = await import('@aws-sdk/client-service-quotas');
  const quotas = new ServiceQuotasClient(server.clientConfig());
  const { Quota } = await quotas.send(new GetServiceQuotaCommand({ ServiceCode: 'apigateway', QuotaCode: 'L-9ED1E49A' }));
  assert.deepEqual([Quota.QuotaName, Quota.Value, Quota.Adjustable], ['WebSocket new connections rate', 500, true]);
  const ApiId = await makeApi();
  for (let i = 1; i < 10; ++i) await ask('CreateStage', { ApiId, StageName: `stage-${i}` });
  await assert.rejects(ask('CreateStage', { ApiId, StageName: 'another' }), { name: 'TooManyRequestsException' });
  await quotas.send(new RequestServiceQuotaIncreaseCommand({ ServiceCode: 'apigateway', QuotaCode: 'L-379E48B0', DesiredValue: 11 }));
  await ask('CreateStage', { ApiId, StageName: 'another' });
  quotas.destroy();
});
