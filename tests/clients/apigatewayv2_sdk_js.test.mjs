// The control plane of WebSocket APIs through the AWS SDK for JavaScript v3: APIs, routes, integrations, their responses, deployments,
// stages and tags.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import * as sdk from '@aws-sdk/client-apigatewayv2';
import WebSocket from 'ws';
import { Outcrop, refusal } from '../support/outcrop.mjs';

let server, client;
before(async () => {
  server = await Outcrop.start();
  client = new sdk.ApiGatewayV2Client(server.clientConfig());
});
after(async () => {
  client.destroy();
  assert.equal(await server.stop(), 0, server.log);
});
beforeEach(() => server.admin('reset', {}));

async function send(name, input, by = client) {
  const { $metadata, ...answer } = await by.send(new sdk[`${name}Command`](input));
  return answer;
}
async function refused(name, input, error, message) {
  const caught = await refusal(send(name, input));
  assert.equal(`${caught.name}: ${caught.message}`, `${error}: ${message}`);
}

const chat = { Name: 'chat', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' };
const functionUri = (name) => `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:${name}/invocations`;
const newApi = async (more = {}) => (await send('CreateApi', { ...chat, ...more })).ApiId;
const newMock = async (ApiId, more = {}) => (await send('CreateIntegration', { ApiId, IntegrationType: 'MOCK', ...more })).IntegrationId;
const newRoute = async (ApiId, RouteKey, more = {}) => (await send('CreateRoute', { ApiId, RouteKey, ...more })).RouteId;

test('an API is described as it was made', async () => {
  const made = await send('CreateApi', { ...chat, Description: 'of documents', Version: '1', Tags: { team: 'a' } });
  assert.match(made.ApiId, /^[a-z0-9]{10}$/);
  assert.ok(made.CreatedDate instanceof Date);
  assert.deepEqual({ ...made, ApiId: '', CreatedDate: '' }, {
    ApiEndpoint: `${server.endpoint.replace('http', 'ws')}/_aws/execute-api/${made.ApiId}`, ApiId: '', ApiKeySelectionExpression: '$request.header.x-api-key',
    CreatedDate: '', Description: 'of documents', DisableExecuteApiEndpoint: false, IpAddressType: 'ipv4', Name: 'chat', ProtocolType: 'WEBSOCKET',
    RouteSelectionExpression: '$request.body.action', Tags: { team: 'a' }, Version: '1',
  });
  assert.deepEqual(await send('GetApi', { ApiId: made.ApiId }), made);
  assert.deepEqual((await send('GetApis', {})).Items, [made]);
});

test('a client below localhost is told a name of its own for the API', async () => {
  const port = new URL(server.endpoint).port;
  const local = new sdk.ApiGatewayV2Client(server.clientConfig({ endpoint: `http://aws.localhost:${port}` }));
  const { ApiId, ApiEndpoint } = await send('CreateApi', chat, local);
  assert.equal(ApiEndpoint, `ws://${ApiId}.execute-api.us-east-1.localhost:${port}`);
  local.destroy();
});

test('what an update names of an API changes, and nothing else', async () => {
  const ApiId = await newApi({ Description: 'old', Version: '1' });
  const changed = await send('UpdateApi', { ApiId, Name: 'talk', Description: '', RouteSelectionExpression: '${request.body.service}/${request.body.action}' });
  assert.equal(changed.Name, 'talk');
  assert.equal(changed.Description, undefined);
  assert.equal(changed.Version, '1');
  assert.equal(changed.RouteSelectionExpression, '${request.body.service}/${request.body.action}');
  assert.deepEqual(await send('GetApi', { ApiId }), changed);
});

test('APIs that are none are refused', async () => {
  const bad = (more, message) => refused('CreateApi', { ...chat, ...more }, 'BadRequestException', message);
  await bad({ ProtocolType: 'HTTP' }, 'APIs with a protocol type of HTTP are not available in Outcrop; WEBSOCKET is');
  await bad({ ProtocolType: 'SMTP' }, 'Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]');
  await bad({ RouteSelectionExpression: undefined }, 'RouteSelectionExpression is required for an API with a protocol type of WEBSOCKET');
  await bad({ Name: '' }, 'Name cannot be empty');
  await bad({ CorsConfiguration: { AllowOrigins: ['*'] } }, 'CorsConfiguration may only be specified for an API with a protocol type of HTTP');
  await bad({ Target: 'https://example.com' }, 'Target, RouteKey and CredentialsArn (quick create) may only be specified for an API with a protocol type of HTTP');
  await bad({ Name: 'x'.repeat(129) }, `1 validation error detected: Value '${'x'.repeat(129)}' at 'name' failed to satisfy constraint: Member must have length less than or equal to 128`);
  const { name } = await refusal(send('CreateApi', { ...chat, RouteSelectionExpression: '$request.nothing' }));
  assert.equal(name, 'BadRequestException');
});

test('nobody knows the API of another account', async () => {
  const ApiId = await newApi();
  const other = new sdk.ApiGatewayV2Client(server.clientConfig({ credentials: { accessKeyId: '111122223333', secretAccessKey: 'test' } }));
  const caught = await refusal(send('GetApi', { ApiId }, other));
  assert.equal(caught.name, 'NotFoundException');
  assert.equal(caught.message, `Invalid API identifier specified 111122223333:${ApiId}`);
  other.destroy();
});

test('lists come in pages', async () => {
  const ids = [];
  for (let i = 0; i < 5; ++i) ids.push(await newApi({ Name: `api-${i}` }));
  const listed = [];
  for await (const page of sdk.paginateGetApis({ client, pageSize: 2 }, {})) {
    assert.ok(page.Items.length <= 2);
    listed.push(...page.Items.map((api) => api.ApiId));
  }
  assert.deepEqual(listed, ids.sort());
  await refused('GetApis', { MaxResults: 'many' }, 'BadRequestException', 'Invalid value for maxResults: many');
  await refused('GetApis', { NextToken: 'x' }, 'BadRequestException', 'Invalid nextToken');
});

test('an integration with a function is described with its defaults', async () => {
  const ApiId = await newApi();
  const made = await send('CreateIntegration', { ApiId, IntegrationType: 'AWS_PROXY', IntegrationMethod: 'POST', IntegrationUri: functionUri('ask'), ContentHandlingStrategy: 'CONVERT_TO_TEXT' });
  assert.match(made.IntegrationId, /^[a-z0-9]{7}$/);
  assert.deepEqual({ ...made, IntegrationId: '' }, {
    ConnectionType: 'INTERNET', ContentHandlingStrategy: 'CONVERT_TO_TEXT', IntegrationId: '', IntegrationMethod: 'POST', IntegrationType: 'AWS_PROXY',
    IntegrationUri: functionUri('ask'), PassthroughBehavior: 'WHEN_NO_MATCH', PayloadFormatVersion: '1.0', TimeoutInMillis: 29000,
  });
  assert.deepEqual(await send('GetIntegration', { ApiId, IntegrationId: made.IntegrationId }), made);
  assert.deepEqual((await send('GetIntegrations', { ApiId })).Items, [made]);
});

test('a MOCK integration says how its response is selected, and its templates and parameters change', async () => {
  const ApiId = await newApi();
  const IntegrationId = await newMock(ApiId, { RequestTemplates: { 200: '{"statusCode":200}' }, RequestParameters: { 'integration.request.header.a': "'1'", 'integration.request.header.b': "'2'" } });
  const changed = await send('UpdateIntegration', { ApiId, IntegrationId, TimeoutInMillis: 50, TemplateSelectionExpression: '\\$default', RequestTemplates: { $default: '{}' }, RequestParameters: { 'integration.request.header.a': '' } });
  assert.equal(changed.IntegrationResponseSelectionExpression, '${integration.response.statuscode}');
  assert.equal(changed.TimeoutInMillis, 50);
  assert.deepEqual(changed.RequestTemplates, { $default: '{}' });
  assert.deepEqual(changed.RequestParameters, { 'integration.request.header.b': "'2'" });
});

test('integrations that could not be carried out are refused', async () => {
  const ApiId = await newApi();
  const bad = (input, message) => refused('CreateIntegration', { ApiId, ...input }, 'BadRequestException', message);
  const proxy = { IntegrationType: 'AWS_PROXY', IntegrationUri: functionUri('ask') };
  const http = { IntegrationType: 'HTTP', IntegrationMethod: 'POST', IntegrationUri: 'http://127.0.0.1/' };
  await bad({ ...proxy, TimeoutInMillis: 29001 }, 'Timeout should be between 50 ms and 29000 ms');
  await bad({ ...proxy, TimeoutInMillis: 49 }, 'Timeout should be between 50 ms and 29000 ms');
  await bad({ ...proxy, IntegrationMethod: 'GET' }, 'HttpMethod must be POST for AWS_PROXY IntegrationType');
  await bad({ ...proxy, IntegrationUri: 'ask' }, 'Invalid ARN specified in the request');
  await bad({ ...proxy, IntegrationUri: 'arn:aws:lambda:us-east-1:000000000000:function:ask' }, 'AWS ARN for integration must contain path or action');
  await bad({ ...proxy, IntegrationUri: 'arn:aws:apigateway:us-east-1:sqs:path/000000000000/queue' }, "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.");
  await bad({ ...http, IntegrationMethod: undefined }, 'Enumeration value for HttpMethod must be non-empty');
  await bad({ ...http, IntegrationMethod: 'BREW' }, 'Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY');
  await bad({ ...http, IntegrationUri: 'ftp://127.0.0.1/' }, 'Invalid HTTP endpoint specified for URI');
  await bad({ ...http, ConnectionType: 'VPC_LINK', ConnectionId: 'abc' }, 'ConnectionType VPC_LINK, with its ConnectionId, is not available in Outcrop; INTERNET is');
  await bad({ ...http, IntegrationSubtype: 'SQS-SendMessage' }, 'IntegrationSubtype may only be specified for an API with a protocol type of HTTP');
  await bad({ ...http, PayloadFormatVersion: '2.0' }, 'PayloadFormatVersion must be 1.0 for an API with a protocol type of WEBSOCKET');
  const wrong = 'Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: true]';
  await bad({ ...http, RequestParameters: { 'integration.request.header.a': 'true' } }, wrong);
});

test('an integration that a route names stays', async () => {
  const ApiId = await newApi();
  const IntegrationId = await newMock(ApiId);
  const RouteId = await newRoute(ApiId, 'ask', { Target: `integrations/${IntegrationId}` });
  await refused('DeleteIntegration', { ApiId, IntegrationId }, 'ConflictException', `Cannot delete Integration because it is referenced by the following Routes with Ids: [${RouteId}]`);
  await send('DeleteRoute', { ApiId, RouteId });
  await send('DeleteIntegration', { ApiId, IntegrationId });
  await refused('GetIntegration', { ApiId, IntegrationId }, 'NotFoundException', `Invalid Integration identifier specified ${IntegrationId}`);
});

test('a route is described, changed and listed', async () => {
  const ApiId = await newApi();
  const IntegrationId = await newMock(ApiId);
  const made = await send('CreateRoute', { ApiId, RouteKey: '$connect', Target: `integrations/${IntegrationId}`, AuthorizationType: 'AWS_IAM', ApiKeyRequired: true, OperationName: 'open', RequestParameters: { 'route.request.querystring.a': { Required: true }, 'route.request.header.b': { Required: false } } });
  assert.match(made.RouteId, /^[a-z0-9]{7}$/);
  assert.deepEqual({ ...made, RouteId: '' }, {
    ApiKeyRequired: true, AuthorizationType: 'AWS_IAM', OperationName: 'open', RouteId: '', RouteKey: '$connect', Target: `integrations/${IntegrationId}`,
    RequestParameters: { 'route.request.querystring.a': { Required: true }, 'route.request.header.b': { Required: false } },
  });
  const { RouteId } = made;
  await send('DeleteRouteRequestParameter', { ApiId, RouteId, RequestParameterKey: 'route.request.querystring.a' });
  const changed = await send('UpdateRoute', { ApiId, RouteId, AuthorizationType: 'NONE', ApiKeyRequired: false });
  assert.equal(changed.AuthorizationType, 'NONE');
  assert.equal(changed.ApiKeyRequired, false);
  assert.deepEqual(changed.RequestParameters, { 'route.request.header.b': { Required: false } });
  assert.deepEqual((await send('GetRoutes', { ApiId })).Items, [changed]);
  assert.deepEqual(await send('GetRoute', { ApiId, RouteId }), changed);
});

test('routes that cannot be are refused', async () => {
  const ApiId = await newApi();
  const ask = await newRoute(ApiId, 'ask');
  await refused('CreateRoute', { ApiId, RouteKey: 'ask' }, 'ConflictException', 'Route with key ask already exists for this API');
  const other = await newRoute(ApiId, 'stop');
  await refused('UpdateRoute', { ApiId, RouteId: other, RouteKey: 'ask' }, 'ConflictException', 'Route with key ask already exists for this API');
  await send('UpdateRoute', { ApiId, RouteId: ask, RouteKey: 'ask' });
  const bad = (input, message) => refused('CreateRoute', { ApiId, ...input }, 'BadRequestException', message);
  await bad({ RouteKey: 'a', AuthorizationType: 'AWS_IAM' }, 'Currently, authorization is restricted to the $connect route only');
  await bad({ RouteKey: 'a', ApiKeyRequired: true }, 'Currently, API keys are restricted to the $connect route only');
  await bad({ RouteKey: '$connect', AuthorizationType: 'CUSTOM' }, 'Invalid authorizer ID specified. Setting the authorization type to CUSTOM requires a valid authorizer.');
  await bad({ RouteKey: '$connect', AuthorizationType: 'CUSTOM', AuthorizerId: 'abcdef' }, 'Invalid authorizer ID specified. Setting the authorization type to CUSTOM requires a valid authorizer.');
  await bad({ RouteKey: '$connect', AuthorizationType: 'JWT' }, 'AuthorizationType JWT may only be specified for an API with a protocol type of HTTP');
  await bad({ RouteKey: '$other' }, 'Invalid RouteKey specified: $other. Of keys that begin with $ there are $connect, $disconnect and $default');
  await bad({ RouteKey: 'a', RequestModels: { $default: 'order' } }, 'Invalid model identifier specified: order');
  await bad({ RouteKey: 'a', RequestParameters: { token: { Required: true } } }, 'Invalid parameter name specified');
  await bad({ RouteKey: 'a', RouteResponseSelectionExpression: '$x' }, 'Invalid RouteResponseSelectionExpression specified. Currently, only $default is supported');
  await bad({ RouteKey: 'a', Target: 'abc' }, 'Invalid target specified: abc. It must be integrations/ID');
  await refused('CreateRoute', { ApiId, RouteKey: 'a', Target: 'integrations/abcdefg' }, 'NotFoundException', 'Invalid Integration identifier specified abcdefg');
  await refused('GetRoute', { ApiId, RouteId: 'abcdefg' }, 'NotFoundException', 'Invalid Route identifier specified abcdefg');
  await refused('GetRoute', { ApiId: 'none', RouteId: 'abcdefg' }, 'NotFoundException', 'Invalid API identifier specified 000000000000:none');
});

test('responses of routes and of integrations are made, changed, listed and deleted, and go with their owners', async () => {
  const ApiId = await newApi();
  const IntegrationId = await newMock(ApiId);
  const RouteId = await newRoute(ApiId, 'ask', { RouteResponseSelectionExpression: '$default' });
  const routeResponse = await send('CreateRouteResponse', { ApiId, RouteId, RouteResponseKey: '$default' });
  await refused('CreateRouteResponse', { ApiId, RouteId, RouteResponseKey: '$default' }, 'ConflictException', 'Response with key $default already exists');
  await refused('CreateRouteResponse', { ApiId, RouteId, RouteResponseKey: 'other' }, 'BadRequestException', 'Invalid RouteResponseKey specified. Currently, only $default is supported');
  const { RouteResponseId } = routeResponse;
  const changed = await send('UpdateRouteResponse', { ApiId, RouteId, RouteResponseId, ModelSelectionExpression: '$default' });
  assert.deepEqual(changed, { ModelSelectionExpression: '$default', RouteResponseId, RouteResponseKey: '$default' });
  assert.deepEqual((await send('GetRouteResponses', { ApiId, RouteId })).Items, [changed]);
  assert.deepEqual(await send('GetRouteResponse', { ApiId, RouteId, RouteResponseId }), changed);
  const integrationResponse = await send('CreateIntegrationResponse', { ApiId, IntegrationId, IntegrationResponseKey: '/200/', ResponseTemplates: { $default: '{"ok":true}' }, TemplateSelectionExpression: '$default' });
  const { IntegrationResponseId } = integrationResponse;
  assert.deepEqual(integrationResponse, { IntegrationResponseId, IntegrationResponseKey: '/200/', ResponseTemplates: { $default: '{"ok":true}' }, TemplateSelectionExpression: '$default' });
  const renamed = await send('UpdateIntegrationResponse', { ApiId, IntegrationId, IntegrationResponseId, IntegrationResponseKey: '$default', ContentHandlingStrategy: 'CONVERT_TO_BINARY' });
  assert.equal(renamed.IntegrationResponseKey, '$default');
  assert.deepEqual((await send('GetIntegrationResponses', { ApiId, IntegrationId })).Items, [renamed]);
  assert.deepEqual(await send('GetIntegrationResponse', { ApiId, IntegrationId, IntegrationResponseId }), renamed);
  await send('DeleteIntegrationResponse', { ApiId, IntegrationId, IntegrationResponseId });
  await refused('GetIntegrationResponse', { ApiId, IntegrationId, IntegrationResponseId }, 'NotFoundException', `Invalid IntegrationResponse identifier specified ${IntegrationResponseId}`);
  await send('DeleteRoute', { ApiId, RouteId });
  await refused('GetRouteResponses', { ApiId, RouteId }, 'NotFoundException', `Invalid Route identifier specified ${RouteId}`);
  await refused('DeleteRouteResponse', { ApiId, RouteId, RouteResponseId }, 'NotFoundException', `Invalid Route identifier specified ${RouteId}`);
});

test('a deployment needs a route, is described, and stays as long as a stage has it', async () => {
  const ApiId = await newApi();
  await refused('CreateDeployment', { ApiId }, 'BadRequestException', 'At least one route is required before deploying the Api');
  await newRoute(ApiId, 'ask');
  const made = await send('CreateDeployment', { ApiId, Description: 'first' });
  const { DeploymentId } = made;
  assert.match(DeploymentId, /^[a-z0-9]{6}$/);
  assert.deepEqual({ ...made, CreatedDate: '' }, { AutoDeployed: false, CreatedDate: '', DeploymentId, DeploymentStatus: 'DEPLOYED', Description: 'first' });
  const changed = await send('UpdateDeployment', { ApiId, DeploymentId, Description: 'second' });
  assert.deepEqual((await send('GetDeployments', { ApiId })).Items, [changed]);
  assert.deepEqual(await send('GetDeployment', { ApiId, DeploymentId }), changed);
  await send('CreateStage', { ApiId, StageName: 'live', DeploymentId });
  await refused('DeleteDeployment', { ApiId, DeploymentId }, 'BadRequestException', 'Active stages pointing to this deployment must be moved or deleted');
  await refused('CreateDeployment', { ApiId, StageName: 'none' }, 'NotFoundException', 'Invalid stage identifier specified');
  const next = await send('CreateDeployment', { ApiId, StageName: 'live' });
  assert.equal((await send('GetStage', { ApiId, StageName: 'live' })).DeploymentId, next.DeploymentId);
  await send('DeleteDeployment', { ApiId, DeploymentId });
  await refused('GetDeployment', { ApiId, DeploymentId }, 'NotFoundException', `Invalid Deployment identifier specified ${DeploymentId}`);
});

test('a stage is described, changed and listed', async () => {
  const ApiId = await newApi();
  await newRoute(ApiId, 'ask');
  const { DeploymentId } = await send('CreateDeployment', { ApiId });
  const AccessLogSettings = { DestinationArn: 'arn:aws:logs:us-east-1:000000000000:log-group:chat', Format: '$context.requestId' };
  const made = await send('CreateStage', { ApiId, StageName: 'live', DeploymentId, StageVariables: { a: '1', b: '2' }, AccessLogSettings, RouteSettings: { ask: { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 5 } }, Tags: { team: 'a' } });
  assert.deepEqual({ ...made, CreatedDate: '', LastUpdatedDate: '' }, {
    AccessLogSettings, AutoDeploy: false, CreatedDate: '', DefaultRouteSettings: { DataTraceEnabled: false, DetailedMetricsEnabled: false, LoggingLevel: 'OFF' },
    DeploymentId, LastUpdatedDate: '', RouteSettings: { ask: { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 5 } }, StageName: 'live',
    StageVariables: { a: '1', b: '2' }, Tags: { team: 'a' },
  });
  const changed = await send('UpdateStage', { ApiId, StageName: 'live', StageVariables: { a: '', c: '3' }, DefaultRouteSettings: { LoggingLevel: 'INFO' } });
  assert.deepEqual(changed.StageVariables, { b: '2', c: '3' });
  assert.deepEqual(changed.DefaultRouteSettings, { DataTraceEnabled: false, DetailedMetricsEnabled: false, LoggingLevel: 'INFO' });
  assert.deepEqual((await send('GetStages', { ApiId })).Items, [changed]);
  await send('DeleteRouteSettings', { ApiId, StageName: 'live', RouteKey: 'ask' });
  await send('DeleteAccessLogSettings', { ApiId, StageName: 'live' });
  const bare = await send('GetStage', { ApiId, StageName: 'live' });
  assert.deepEqual(bare.RouteSettings, {});
  assert.equal(bare.AccessLogSettings, undefined);
  await refused('CreateStage', { ApiId, StageName: 'live' }, 'ConflictException', 'Stage already exists');
  await send('DeleteStage', { ApiId, StageName: 'live' });
  await refused('GetStage', { ApiId, StageName: 'live' }, 'NotFoundException', 'Invalid stage identifier specified');
});

test('stages that cannot be are refused', async () => {
  const ApiId = await newApi();
  await refused('CreateStage', { ApiId, StageName: 'a b' }, 'BadRequestException', 'Stage name only allows a-zA-Z0-9_-');
  await refused('CreateStage', { ApiId, StageName: 'live', DeploymentId: 'abcdef' }, 'NotFoundException', 'Deployment id does not exist');
  await refused('CreateStage', { ApiId, StageName: 'live', RouteSettings: { ask: {} } }, 'NotFoundException', 'Unable to find Route by key ask within the provided RouteSettings');
  await refused('CreateStage', { ApiId, StageName: 'live', AccessLogSettings: { DestinationArn: 'invalid-arn', Format: 'x' } }, 'BadRequestException', 'Invalid ARN. ARN is not well formed invalid-arn');
  await refused('CreateStage', { ApiId, StageName: 'live', ClientCertificateId: 'abc' }, 'BadRequestException', 'Client certificates of stages are not available in Outcrop');
  await refused('UpdateStage', { ApiId, StageName: 'live' }, 'NotFoundException', 'Invalid stage identifier specified');
});

test('a stage with AutoDeploy gets a deployment with every change', async () => {
  const ApiId = await newApi();
  const stage = () => send('GetStage', { ApiId, StageName: 'live' });
  await send('CreateStage', { ApiId, StageName: 'live', AutoDeploy: true });
  assert.equal((await stage()).LastDeploymentStatusMessage, 'Deployment attempt failed: At least one route is required before deploying the Api');
  const RouteId = await newRoute(ApiId, 'ask');
  const first = await stage();
  assert.equal(first.LastDeploymentStatusMessage, `Successfully deployed stage with deployment ID '${first.DeploymentId}'`);
  const [deployment] = (await send('GetDeployments', { ApiId })).Items;
  assert.equal(deployment.AutoDeployed, true);
  assert.equal(deployment.Description, 'Automatic deployment triggered by changes to the Api configuration');
  const IntegrationId = await newMock(ApiId);
  await send('UpdateRoute', { ApiId, RouteId, Target: `integrations/${IntegrationId}` });
  const second = await stage();
  assert.notEqual(second.DeploymentId, first.DeploymentId);
  assert.deepEqual((await send('GetDeployments', { ApiId })).Items.map((each) => each.DeploymentId), [second.DeploymentId]);
  const { name } = await refusal(send('UpdateStage', { ApiId, StageName: 'live', DeploymentId: 'abcdef' }));
  assert.equal(name, 'BadRequestException');
});

// How a handshake ends: 101, or the status that it is refused with.
function handshake(url) {
  const socket = new WebSocket(url);
  return new Promise((resolve, reject) => {
    socket.on('open', () => socket.close() ?? resolve(101));
    socket.on('unexpected-response', (request, answer) => request.destroy() ?? resolve(answer.statusCode));
    socket.on('error', (error) => reject(error));
  });
}

test('a client connects at ApiEndpoint and the stage as soon as it is deployed, and no longer once it is gone', async () => {
  const { ApiId, ApiEndpoint } = await send('CreateApi', chat);
  const IntegrationId = await newMock(ApiId, { RequestTemplates: { 'application/json': '{"statusCode":200}' } });
  await newRoute(ApiId, '$connect', { Target: `integrations/${IntegrationId}` });
  await send('CreateStage', { ApiId, StageName: 'live' });
  assert.equal(await handshake(`${ApiEndpoint}/live`), 403);
  await send('CreateDeployment', { ApiId, StageName: 'live' });
  assert.equal(await handshake(`${ApiEndpoint}/live`), 101);
  assert.match(server.log, new RegExp(`${ApiEndpoint}/live`));
  await send('DeleteStage', { ApiId, StageName: 'live' });
  assert.equal(await handshake(`${ApiEndpoint}/live`), 403);
});

test('DeleteApi takes everything along', async () => {
  const ApiId = await newApi();
  await newRoute(ApiId, 'ask');
  await send('CreateStage', { ApiId, StageName: 'live', AutoDeploy: true });
  await send('DeleteApi', { ApiId });
  for (const [name, input] of [['GetApi', {}], ['GetRoutes', {}], ['GetStages', {}], ['GetDeployments', {}], ['DeleteApi', {}]])
    await refused(name, { ApiId, ...input }, 'NotFoundException', `Invalid API identifier specified 000000000000:${ApiId}`);
});

test('APIs and stages are tagged by their ARNs', async () => {
  const ApiId = await newApi({ Tags: { a: '1' } });
  await send('CreateStage', { ApiId, StageName: 'live' });
  for (const [ResourceArn, before] of [[`arn:aws:apigateway:us-east-1::/apis/${ApiId}`, { a: '1' }], [`arn:aws:apigateway:us-east-1::/apis/${ApiId}/stages/live`, {}]]) {
    assert.deepEqual((await send('GetTags', { ResourceArn })).Tags, before);
    await send('TagResource', { ResourceArn, Tags: { a: '2', b: '3' } });
    await send('UntagResource', { ResourceArn, TagKeys: ['a'] });
    assert.deepEqual((await send('GetTags', { ResourceArn })).Tags, { b: '3' });
    await refused('TagResource', { ResourceArn, Tags: { 'aws:x': '1' } }, 'BadRequestException', 'Invalid tag key: aws:x. Tag keys cannot start with aws:');
  }
  assert.deepEqual((await send('GetApi', { ApiId })).Tags, { b: '3' });
  await refused('GetTags', { ResourceArn: 'arn:aws:apigateway:us-east-1::/apis/none' }, 'NotFoundException', 'Invalid API identifier specified 000000000000:none');
  await refused('GetTags', { ResourceArn: 'arn:aws:sqs:us-east-1::x' }, 'BadRequestException', 'Invalid resource ARN specified: arn:aws:sqs:us-east-1::x');
});

test('what is not built says so by its name', async () => {
  const caught = await refusal(send('CreateVpcLink', { Name: 'x', SubnetIds: ['subnet-1'] }));
  assert.equal(caught.name, 'NotImplemented');
  assert.match(caught.message, /CreateVpcLink/);
});

test('what was acknowledged is there after a restart, and is served', async () => {
  const data = mkdtempSync(join(tmpdir(), 'outcrop-apis-'));
  let kept = await Outcrop.start('--data', data);
  let by = new sdk.ApiGatewayV2Client(kept.clientConfig());
  const { ApiId } = await send('CreateApi', chat, by);
  const { IntegrationId } = await send('CreateIntegration', { ApiId, IntegrationType: 'MOCK', RequestTemplates: { 'application/json': '{"statusCode":200}' } }, by);
  await send('CreateRoute', { ApiId, RouteKey: '$connect', Target: `integrations/${IntegrationId}` }, by);
  const stage = await send('CreateStage', { ApiId, StageName: 'live', AutoDeploy: true }, by);
  by.destroy();
  kept.child.kill('SIGKILL');
  await kept.ended;
  kept = await Outcrop.start('--data', data);
  by = new sdk.ApiGatewayV2Client(kept.clientConfig());
  assert.deepEqual(await send('GetStage', { ApiId, StageName: 'live' }, by), stage);
  assert.equal(await handshake(`${(await send('GetApi', { ApiId }, by)).ApiEndpoint}/live`), 101);
  by.destroy();
  assert.equal(await kept.stop(), 0, kept.log);
  rmSync(data, { recursive: true });
});
