// Function URLs: configured through the AWS SDK for JavaScript v3, called by fetch and by raw HTTP, with functions as people write them.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import * as sdk from '@aws-sdk/client-lambda';
import { Outcrop, refusal } from '../support/outcrop.mjs';
import { zipOf } from '../support/zip.mjs';

const files = {
  echo: `export const handler = async (event) => ({ statusCode: 200, headers: { 'x-kind': 'echo' }, cookies: ['a=1', 'b=2'], body: JSON.stringify(event) });`,
  plain: `export const handler = async () => ({ hello: 'world' });`,
  bytes: `export const handler = async () => ({ statusCode: 200, headers: { 'content-type': 'image/png' }, body: 'AAEC/w==', isBase64Encoded: true });`,
  failing: `export const handler = async () => { throw new Error('no stock'); };`,
  broken: `export const handler = async () => ({ statusCode: 'many' });`,
  streaming: `
    const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    export const handler = awslambda.streamifyResponse(async (event, responseStream) => {
      const metadata = { statusCode: 203, headers: { 'content-type': 'text/event-stream', 'x-kind': 'stream' }, cookies: ['session=1'] };
      const stream = awslambda.HttpResponseStream.from(responseStream, metadata);
      for (const word of ['data: one\\n\\n', 'data: two\\n\\n', 'data: three\\n\\n']) { stream.write(word); await wait(100); }
      if (event.queryStringParameters?.fail) throw new Error('midway');
      stream.end();
    });`,
};

let server, lambda;
const urls = {};
const send = (name, input) => lambda.send(new sdk[`${name}Command`](input));

async function make(FunctionName, source, url) {
  await send('CreateFunction', { FunctionName, Role: 'arn:aws:iam::000000000000:role/urls', Runtime: 'nodejs20.x', Handler: 'index.handler', Code: { ZipFile: zipOf({ 'index.mjs': source }) } });
  await sdk.waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 30, minDelay: 1 }, { FunctionName });
  return (await send('CreateFunctionUrlConfig', { FunctionName, AuthType: 'NONE', ...url })).FunctionUrl;
}

before(async () => {
  server = await Outcrop.start();
  lambda = new sdk.LambdaClient(server.clientConfig());
  for (const [name, source] of Object.entries(files))
    urls[name] = await make(name, source, name === 'streaming' ? { InvokeMode: 'RESPONSE_STREAM' } : {});
});
after(async () => {
  lambda.destroy();
  assert.equal(await server.stop(), 0, server.log);
});

test('a URL is configured, told, changed, listed and deleted', async () => {
  await make('configured', files.plain, { Cors: { AllowOrigins: ['https://shop.example'], MaxAge: 60 } });
  const FunctionName = 'configured';
  assert.equal((await refusal(send('CreateFunctionUrlConfig', { FunctionName, AuthType: 'NONE' }))).name, 'ResourceConflictException');
  const told = await send('GetFunctionUrlConfig', { FunctionName });
  assert.equal(told.FunctionArn, 'arn:aws:lambda:us-east-1:000000000000:function:configured');
  assert.equal(told.InvokeMode, 'BUFFERED');
  assert.deepEqual(told.Cors, { AllowOrigins: ['https://shop.example'], MaxAge: 60 });
  const changed = await send('UpdateFunctionUrlConfig', { FunctionName, AuthType: 'AWS_IAM' });
  assert.equal(changed.AuthType, 'AWS_IAM');
  assert.equal(changed.FunctionUrl, told.FunctionUrl);
  const { Version } = await send('PublishVersion', { FunctionName });
  await send('CreateAlias', { FunctionName, Name: 'live', FunctionVersion: Version });
  await send('CreateFunctionUrlConfig', { FunctionName, Qualifier: 'live', AuthType: 'NONE' });
  const first = await send('ListFunctionUrlConfigs', { FunctionName, MaxItems: 1 });
  const second = await send('ListFunctionUrlConfigs', { FunctionName, Marker: first.NextMarker });
  assert.deepEqual([...first.FunctionUrlConfigs, ...second.FunctionUrlConfigs].map(({ FunctionArn }) => FunctionArn.split(':')[7]), [undefined, 'live']);
  assert.equal(second.NextMarker, undefined);
  await send('DeleteFunctionUrlConfig', { FunctionName });
  assert.equal((await refusal(send('GetFunctionUrlConfig', { FunctionName }))).message, 'The resource you requested does not exist.');
  assert.equal((await fetch(told.FunctionUrl)).status, 403);
});

test('a request becomes an event, and the answer a response', async () => {
  const answer = await fetch(`${urls.echo}a/path?q=1&q=2`, { method: 'POST', headers: { 'content-type': 'application/json', cookie: 'x=y' }, body: '{"order":7}' });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('x-kind'), 'echo');
  assert.deepEqual(answer.headers.getSetCookie(), ['a=1', 'b=2']);
  const event = await answer.json();
  assert.equal(event.version, '2.0');
  assert.equal(event.rawPath, '/a/path');
  assert.equal(event.rawQueryString, 'q=1&q=2');
  assert.deepEqual(event.queryStringParameters, { q: '1,2' });
  assert.deepEqual(event.cookies, ['x=y']);
  assert.equal(event.body, '{"order":7}');
  assert.equal(event.isBase64Encoded, false);
  assert.equal(event.requestContext.http.method, 'POST');
  assert.equal(event.requestContext.http.sourceIp, '127.0.0.1');
  assert.match(event.requestContext.domainName, /^[a-z0-9]{32}\.lambda-url\.us-east-1\.on\.aws$/);
});

test('what has no statusCode is the body', async () => {
  const answer = await fetch(urls.plain);
  assert.equal(answer.headers.get('content-type'), 'application/json');
  assert.equal(await answer.text(), '{"hello":"world"}');
});

test('bytes go both ways', async () => {
  assert.deepEqual([...new Uint8Array(await (await fetch(urls.bytes)).arrayBuffer())], [0, 1, 2, 255]);
  const sent = await (await fetch(urls.echo, { method: 'PUT', body: new Uint8Array([0, 255]), headers: { 'content-type': 'application/octet-stream' } })).json();
  assert.deepEqual([sent.body, sent.isBase64Encoded], ['AP8=', true]);
});

test('the host names the URL too, whatever the path', async () => {
  const { port, pathname } = new URL(urls.echo);
  const host = `${pathname.split('/')[3]}.lambda-url.us-east-1.localhost:${port}`;
  const event = await new Promise((resolve, reject) => {
    http.get({ host: '127.0.0.1', port, path: '/_outcrop/health', headers: { host } }, async (answer) => {
      let text = '';
      for await (const part of answer) text += part;
      resolve(JSON.parse(text));
    }).on('error', reject);
  });
  assert.equal(event.rawPath, '/_outcrop/health');
  assert.equal(event.headers.host, host);
});

test('functions that fail, and answers that are no responses, are 502', async () => {
  for (const url of [urls.failing, urls.broken]) {
    const answer = await fetch(url);
    assert.equal(answer.status, 502);
    assert.equal(await answer.text(), 'Internal Server Error');
  }
});

test('a stream arrives as it is written', async () => {
  const answer = await fetch(urls.streaming);
  assert.equal(answer.status, 203);
  assert.equal(answer.headers.get('content-type'), 'text/event-stream');
  assert.equal(answer.headers.get('set-cookie'), 'session=1');
  const parts = [];
  for await (const part of answer.body) parts.push(Buffer.from(part).toString());
  assert.deepEqual(parts, ['data: one\n\n', 'data: two\n\n', 'data: three\n\n']);
});

test('a stream that fails midway is broken off', async () => {
  const answer = await fetch(`${urls.streaming}?fail=1`);
  assert.equal(answer.status, 203);
  await assert.rejects(answer.text());
});

test('a client that goes does not disturb the next one', async () => {
  const leaving = new AbortController();
  const answer = await fetch(urls.streaming, { signal: leaving.signal });
  await answer.body.getReader().read();
  leaving.abort();
  assert.match(await (await fetch(urls.streaming)).text(), /three/);
});

test('a page of another origin is let in by the rules of the URL', async () => {
  const url = await make('shared', files.plain, { Cors: { AllowOrigins: ['https://shop.example'], AllowMethods: ['GET', 'PUT'], AllowHeaders: ['x-token'], MaxAge: 60 } });
  const origin = 'https://shop.example';
  const preflight = await fetch(url, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'PUT' } });
  assert.equal(preflight.status, 200);
  assert.equal(preflight.headers.get('access-control-allow-origin'), origin);
  assert.equal(preflight.headers.get('access-control-allow-methods'), 'GET,PUT');
  assert.equal(preflight.headers.get('access-control-max-age'), '60');
  assert.equal((await fetch(url, { headers: { origin } })).headers.get('access-control-allow-origin'), origin);
  assert.equal((await fetch(url, { headers: { origin: 'https://other.example' } })).headers.get('access-control-allow-origin'), null);
});
