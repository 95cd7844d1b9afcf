// Sets the chat up with the AWS SDK, or brings what there is up to date: two tables, three functions, the WebSocket API. Nothing here knows Outcrop.
//
//   node setup.mjs          prints, as JSON, the address of the page, that of the API, and a token for it
//
// DOCUMENT names the text to talk about, MODEL_ID the model, ROLE_ARN the functions' role (on AWS it must exist: see README.md).
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as apigateway from '@aws-sdk/client-apigatewayv2';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as lambda from '@aws-sdk/client-lambda';
import { build } from 'esbuild';
import { tokenFor } from './functions/tokens.mjs';

const {
  DOCUMENT = '/usr/share/doc/debian-policy/policy.txt.gz',
  MODEL_ID = 'amazon.nova-lite-v1:0',
  ROLE_ARN = 'arn:aws:iam::000000000000:role/chat',
} = process.env;
const tables = { CONNECTIONS_TABLE: 'chat-connections', CONVERSATIONS_TABLE: 'chat-conversations' };
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const callerOf = (sdk, client) => (name, input) => client.send(new sdk[`${name}Command`](input));
const tablesClient = new dynamodb.DynamoDBClient({});
const functionsClient = new lambda.LambdaClient({});
const apisClient = new apigateway.ApiGatewayV2Client({});
const table = callerOf(dynamodb, tablesClient);
const fn = callerOf(lambda, functionsClient);
const api = callerOf(apigateway, apisClient);

// What the call gives, or undefined where it ends with the error of that name.
const unless = (name, call) => call.catch((error) => (error.name === name ? undefined : Promise.reject(error)));

async function setUpTable(TableName, ...keys) {
  await unless(
    'ResourceInUseException',
    table('CreateTable', {
      TableName,
      AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: keys.map((AttributeName, at) => ({ AttributeName, KeyType: at === 0 ? 'HASH' : 'RANGE' })),
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  await dynamodb.waitUntilTableExists({ client: tablesClient, maxWaitTime: 120, minDelay: 1 }, { TableName });
  const { TimeToLiveDescription } = await table('DescribeTimeToLive', { TableName });
  if (TimeToLiveDescription.TimeToLiveStatus !== 'DISABLED') return;
  await table('UpdateTimeToLive', { TableName, TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true } });
}

// The functions' package: their modules, the page, the document.
async function makePackage() {
  const folder = mkdtempSync(join(tmpdir(), 'chat-'));
  try {
    cpSync(here('functions'), folder, { recursive: true });
    cpSync(here('page'), join(folder, 'page'), { recursive: true, filter: (path) => !path.endsWith('.ts') });
    await build({ entryPoints: [here('page/chat.ts')], outfile: join(folder, 'page/chat.js'), bundle: true, minify: true, format: 'esm', target: 'es2022' });
    copyFileSync(DOCUMENT, join(folder, 'manual.txt.gz'));
    execFileSync('python3', ['-m', 'zipfile', '-c', 'package.zip', ...readdirSync(folder)], { cwd: folder });
    return readFileSync(join(folder, 'package.zip'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function setUpFunction(FunctionName, ZipFile, settings) {
  const waiting = [{ client: functionsClient, maxWaitTime: 60, minDelay: 1 }, { FunctionName }];
  const configuration = { FunctionName, Runtime: 'nodejs22.x', Role: ROLE_ARN, ...settings };
  if (await unless('ResourceNotFoundException', fn('GetFunctionConfiguration', { FunctionName }))) {
    await fn('UpdateFunctionCode', { FunctionName, ZipFile });
    await lambda.waitUntilFunctionUpdatedV2(...waiting);
    await fn('UpdateFunctionConfiguration', configuration);
    await lambda.waitUntilFunctionUpdatedV2(...waiting);
  } else {
    await fn('CreateFunction', { ...configuration, Code: { ZipFile } });
    await lambda.waitUntilFunctionActiveV2(...waiting);
  }
  return (await fn('GetFunctionConfiguration', { FunctionName })).FunctionArn;
}

const allow = (FunctionName, StatementId, permission) => unless('ResourceConflictException', fn('AddPermission', { FunctionName, StatementId, ...permission }));

// The secret that signs tokens stays what it was.
async function secretOf(FunctionName) {
  const there = await unless('ResourceNotFoundException', fn('GetFunctionConfiguration', { FunctionName }));
  return there?.Environment?.Variables.SECRET ?? randomBytes(32).toString('base64url');
}

// One of an API's parts: found by what it is known by, and updated; else created.
async function setUpPart(kind, parent, known, settings) {
  const { Items = [] } = await api(`Get${kind}s`, { ...parent, MaxResults: '100' });
  const there = Items.find((item) => Object.entries(known).every(([name, value]) => item[name] === value));
  const input = { ...parent, ...known, ...settings };
  return there ? api(`Update${kind}`, { ...input, [`${kind}Id`]: there[`${kind}Id`] }) : api(`Create${kind}`, input);
}

async function setUpApi(functionArn, authorizerArn) {
  const [, , , region, account] = functionArn.split(':');
  const uriOf = (arn) => `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`;
  const { Items = [] } = await api('GetApis', { MaxResults: '100' });
  const { ApiId, ApiEndpoint } =
    Items.find(({ Name }) => Name === 'chat') ??
    (await api('CreateApi', { Name: 'chat', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' }));

  const parent = { ApiId };
  const { AuthorizerId } = await setUpPart('Authorizer', parent, { Name: 'token' }, {
    AuthorizerType: 'REQUEST',
    AuthorizerUri: uriOf(authorizerArn),
    IdentitySource: ['route.request.querystring.token'],
  });
  const { IntegrationId } = await setUpPart('Integration', parent, { IntegrationUri: uriOf(functionArn) }, { IntegrationType: 'AWS_PROXY' });
  for (const RouteKey of ['$connect', '$disconnect', '$default', 'ask', 'stop', 'history']) {
    const authorization = RouteKey === '$connect' ? { AuthorizationType: 'CUSTOM', AuthorizerId } : {};
    await setUpPart('Route', parent, { RouteKey }, { Target: `integrations/${IntegrationId}`, ...authorization });
  }
  const fromApi = { Action: 'lambda:InvokeFunction', Principal: 'apigateway.amazonaws.com', SourceArn: `arn:aws:execute-api:${region}:${account}:${ApiId}/*` };
  for (const arn of [functionArn, authorizerArn]) await allow(arn, `api-${ApiId}`, fromApi);

  const { DeploymentId } = await api('CreateDeployment', parent);
  const stage = { ApiId, StageName: 'live', DeploymentId };
  (await unless('NotFoundException', api('UpdateStage', stage))) ?? (await api('CreateStage', stage));
  return `${ApiEndpoint}/live`;
}

async function setUpUrl(FunctionName) {
  const there = await unless('ResourceNotFoundException', fn('GetFunctionUrlConfig', { FunctionName }));
  const { FunctionUrl } = there ?? (await fn('CreateFunctionUrlConfig', { FunctionName, AuthType: 'NONE' }));
  await allow(FunctionName, 'url', { Action: 'lambda:InvokeFunctionUrl', Principal: '*', FunctionUrlAuthType: 'NONE' });
  await allow(FunctionName, 'function', { Action: 'lambda:InvokeFunction', Principal: '*', InvokedViaFunctionUrl: true });
  return FunctionUrl;
}

await setUpTable(tables.CONNECTIONS_TABLE, 'connectionId');
await setUpTable(tables.CONVERSATIONS_TABLE, 'conversation', 'at');
const zip = await makePackage();
const SECRET = await secretOf('chat-authorizer');
const chat = { Handler: 'index.handler', Timeout: 120, MemorySize: 512, Environment: { Variables: { ...tables, MODEL_ID } } };
const functionArn = await setUpFunction('chat', zip, chat);
const authorizerArn = await setUpFunction('chat-authorizer', zip, { Handler: 'authorizer.handler', Timeout: 10, Environment: { Variables: { SECRET } } });
const url = await setUpApi(functionArn, authorizerArn);
await setUpFunction('chat-page', zip, { Handler: 'page.handler', Timeout: 10, Environment: { Variables: { CHAT_URL: url } } });
const page = await setUpUrl('chat-page');
const token = tokenFor(process.env.CHAT_USER ?? 'demo', SECRET);
console.log(JSON.stringify({ page: `${page}#token=${token}`, url, token }, null, 2));
