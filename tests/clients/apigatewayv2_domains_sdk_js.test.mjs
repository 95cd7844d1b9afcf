// Custom domain names, API mappings and models of WebSocket APIs, through the AWS SDK for JavaScript v3.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import * as sdk from '@aws-sdk/client-apigatewayv2';
import WebSocket from 'ws';
import { Outcrop, refusal } from '../support/outcrop.mjs';

const CertificateArn = 'arn:aws:acm:us-east-1:000000000000:certificate/8e1f0d7e-2f6a-4d0b-9a8e-0d9d6b8c2f11';
const chat = { DomainName: 'chat.example.com', DomainNameConfigurations: [{ CertificateArn, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' }] };
const order = JSON.stringify({ $schema: 'http://json-schema.org/draft-04/schema#', type: 'object', required: ['id'], properties: { id: { type: 'integer' } } });

let server, client;
before(async () => {
  server = await Outcrop.start();
  client = new sdk.ApiGatewayV2Client(server.clientConfig());
});
after(async () => assert.equal(await server.stop(), 0, server.log));
beforeEach(() => server.admin('reset', {}));

const send = (name, input) => client.send(new sdk[`${name}Command`](input));
async function refused(name, input, error, message) {
  const caught = await refusal(send(name, input));
  assert.equal(caught.name, error, caught.message);
  if (message) assert.equal(caught.message, message);
}

// An API whose stage accepts everyone.
async function deployed(StageName = 'live') {
  const { ApiId } = await send('CreateApi', { Name: 'chat', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' });
  const RequestTemplates = { 'application/json': '{"statusCode": 200}' };
  const { IntegrationId } = await send('CreateIntegration', { ApiId, IntegrationType: 'MOCK', RequestTemplates });
  await send('CreateRoute', { ApiId, RouteKey: '$connect', Target: `integrations/${IntegrationId}` });
  const { DeploymentId } = await send('CreateDeployment', { ApiId });
  await send('CreateStage', { ApiId, StageName, DeploymentId });
  return ApiId;
}

// How a handshake with that Host and path ends: 101, or the status that it is refused with.
function handshake(Host, path) {
  const socket = new WebSocket(`${server.endpoint.replace('http', 'ws')}${path}`, { headers: { Host } });
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => {
      resolve(101);
      socket.close();
    });
    socket.on('unexpected-response', (request, answer) => {
      resolve(answer.statusCode);
      request.destroy();
    });
  });
}

test('a custom domain name is described as it was made', async () => {
  const made = await send('CreateDomainName', { ...chat, Tags: { team: 'a' } });
  assert.equal(made.DomainName, 'chat.example.com');
  assert.equal(made.DomainNameArn, 'arn:aws:apigateway:us-east-1::/domainnames/chat.example.com');
  assert.equal(made.ApiMappingSelectionExpression, '$request.basepath');
  assert.equal(made.RoutingMode, 'API_MAPPING_ONLY');
  const [configuration] = made.DomainNameConfigurations;
  assert.match(configuration.ApiGatewayDomainName, /^d-[a-z0-9]{10}\.execute-api\.us-east-1\.amazonaws\.com$/);
  assert.deepEqual({ ...configuration, ApiGatewayDomainName: '' }, {
    ApiGatewayDomainName: '', CertificateArn, DomainNameStatus: 'AVAILABLE', EndpointType: 'REGIONAL', IpAddressType: 'ipv4', SecurityPolicy: 'TLS_1_2',
  });
  const { $metadata, ...known } = await send('GetDomainName', { DomainName: 'chat.example.com' });
  const { $metadata: _, ...first } = made;
  assert.deepEqual(known, first);
});

test('a name belongs to one owner, and must be one of a host', async () => {
  await send('CreateDomainName', chat);
  await refused('CreateDomainName', chat, 'BadRequestException', 'The domain name you provided already exists.');
  for (const DomainName of ['Chat.example.com', 'chat', 'chat..com', '-a.example.com', 'chat.example.com.', 'a/b.example.com'])
    await refused('CreateDomainName', { ...chat, DomainName }, 'BadRequestException', `Invalid domain name: ${DomainName}`);
  await refused('GetDomainName', { DomainName: 'other.example.com' }, 'NotFoundException', 'Invalid domain name identifier specified');
});

test('what is not built is refused by name', async () => {
  const made = (more) => ({ ...chat, ...more });
  await refused('CreateDomainName', made({ DomainNameConfigurations: [{ CertificateArn, EndpointType: 'EDGE' }] }), 'BadRequestException');
  await refused('CreateDomainName', made({ DomainNameConfigurations: undefined }), 'BadRequestException');
  await refused('CreateDomainName', made({ DomainNameConfigurations: [{ CertificateArn: 'none' }] }), 'BadRequestException', 'Invalid certificate ARN: none');
  await refused('CreateDomainName', made({ MutualTlsAuthentication: { TruststoreUri: 's3://b/k' } }), 'BadRequestException', 'Mutual TLS authentication is not supported by Outcrop');
  await refused('CreateDomainName', made({ RoutingMode: 'ROUTING_RULE_ONLY' }), 'BadRequestException', 'Routing mode ROUTING_RULE_ONLY is not supported by Outcrop');
});

test('domain names are listed in pages, changed and deleted', async () => {
  for (const name of ['a', 'b', 'c']) await send('CreateDomainName', { ...chat, DomainName: `${name}.example.com` });
  const first = await send('GetDomainNames', { MaxResults: '2' });
  assert.deepEqual(first.Items.map((item) => item.DomainName), ['a.example.com', 'b.example.com']);
  const second = await send('GetDomainNames', { MaxResults: '2', NextToken: first.NextToken });
  assert.deepEqual(second.Items.map((item) => item.DomainName), ['c.example.com']);
  assert.equal(second.NextToken, undefined);
  const changed = await send('UpdateDomainName', { DomainName: 'a.example.com', DomainNameConfigurations: [{ CertificateArn: `${CertificateArn}2` }] });
  assert.equal(changed.DomainNameConfigurations[0].CertificateArn, `${CertificateArn}2`);
  await send('DeleteDomainName', { DomainName: 'a.example.com' });
  await refused('DeleteDomainName', { DomainName: 'a.example.com' }, 'NotFoundException');
  await send('CreateDomainName', { ...chat, DomainName: 'a.example.com' });
});

test('a mapping leads the clients of a domain name to a stage, the longest key first', async () => {
  const ApiId = await deployed();
  await send('CreateDomainName', chat);
  await send('CreateDomainName', { ...chat, DomainName: '*.example.org' });
  const { DomainName } = chat;
  const made = await send('CreateApiMapping', { DomainName, ApiId, Stage: 'live', ApiMappingKey: 'v1/live' });
  assert.deepEqual([made.ApiId, made.Stage, made.ApiMappingKey], [ApiId, 'live', 'v1/live']);
  await send('CreateApiMapping', { DomainName: '*.example.org', ApiId, Stage: 'live' });
  assert.equal(await handshake('chat.example.com', '/v1/live'), 101);
  assert.equal(await handshake('chat.example.com:4566', '/v1/live'), 101);
  assert.equal(await handshake('any.example.org', '/'), 101);
  assert.equal(await handshake('chat.example.com', '/v1'), 403);
  await send('DeleteApiMapping', { DomainName, ApiMappingId: made.ApiMappingId });
  assert.equal(await handshake('chat.example.com', '/v1/live'), 403);
});

test('mappings are kept by their keys', async () => {
  const ApiId = await deployed(), { DomainName } = chat;
  await send('CreateDomainName', chat);
  const mapping = { DomainName, ApiId, Stage: 'live', ApiMappingKey: 'v1' };
  const { ApiMappingId } = await send('CreateApiMapping', mapping);
  await refused('CreateApiMapping', mapping, 'ConflictException', 'ApiMapping key already exists for this domain name');
  await refused('CreateApiMapping', { ...mapping, ApiMappingKey: '/' }, 'BadRequestException', "An ApiMapping key may contain only letters, numbers and one of $-_.+!*'()");
  await refused('CreateApiMapping', { ...mapping, ApiMappingKey: 'v2', Stage: 'other' }, 'NotFoundException');
  await refused('CreateApiMapping', { ...mapping, ApiMappingKey: 'v2', ApiId: 'abcdefghij' }, 'NotFoundException');
  await refused('CreateApiMapping', { ...mapping, DomainName: 'other.example.com' }, 'NotFoundException', 'Invalid domain name identifier specified');
  const changed = await send('UpdateApiMapping', { DomainName, ApiMappingId, ApiId, ApiMappingKey: '' });
  assert.deepEqual([changed.ApiMappingKey, changed.Stage], ['', 'live']);
  assert.deepEqual((await send('GetApiMapping', { DomainName, ApiMappingId })).ApiMappingKey, '');
  assert.deepEqual((await send('GetApiMappings', { DomainName })).Items, [{ ApiId, ApiMappingId, ApiMappingKey: '', Stage: 'live' }]);
  await refusal(send('DeleteApi', { ApiId }));
  await send('DeleteDomainName', { DomainName });
  await send('DeleteApi', { ApiId });
});

test('a model is a JSON schema of a name of its own', async () => {
  const { ApiId } = await send('CreateApi', { Name: 'chat', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' });
  const made = await send('CreateModel', { ApiId, Name: 'Order', Schema: order, Description: 'what is ordered' });
  assert.deepEqual([made.Name, made.ContentType, made.Schema, made.Description], ['Order', 'application/json', order, 'what is ordered']);
  const { ModelId } = made;
  await refused('CreateModel', { ApiId, Name: 'Order', Schema: order }, 'ConflictException', 'Model name already exists for this API');
  await refused('CreateModel', { ApiId, Name: 'Other', Schema: '{' }, 'BadRequestException', 'Invalid model schema specified');
  await refused('CreateModel', { ApiId, Name: 'an order', Schema: order }, 'BadRequestException', 'Model name must be alphanumeric: an order');
  const changed = await send('UpdateModel', { ApiId, ModelId, Name: 'Purchase' });
  assert.deepEqual([changed.Name, changed.Schema], ['Purchase', order]);
  assert.deepEqual((await send('GetModels', { ApiId })).Items.map((item) => item.Name), ['Purchase']);
  assert.equal((await send('GetModel', { ApiId, ModelId })).Name, 'Purchase');
  const { Value } = await send('GetModelTemplate', { ApiId, ModelId });
  assert.equal(Value, `#set($inputRoot = $input.path('$'))\n{\n  "id" : 42\n}`);
  await send('DeleteModel', { ApiId, ModelId });
  await refused('GetModel', { ApiId, ModelId }, 'NotFoundException');
  await refused('GetModelTemplate', { ApiId, ModelId }, 'NotFoundException');
});
