// StartLiveTail through the AWS SDK for JavaScript v3. Such clients put "stream-" before the host unless they are told not to.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as sdk from '@aws-sdk/client-cloudwatch-logs';
import { Outcrop, refusal } from '../support/outcrop.mjs';

let server, logs;
before(async () => {
  server = await Outcrop.start();
  logs = new sdk.CloudWatchLogsClient(server.clientConfig({ disableHostPrefix: true }));
});
after(async () => {
  logs.destroy();
  assert.equal(await server.stop(), 0, server.log);
});

const make = async (logGroupName, ...streams) => {
  await logs.send(new sdk.CreateLogGroupCommand({ logGroupName }));
  for (const logStreamName of streams) await logs.send(new sdk.CreateLogStreamCommand({ logGroupName, logStreamName }));
};
const put = (logGroupName, logStreamName, ...messages) =>
  logs.send(new sdk.PutLogEventsCommand({ logGroupName, logStreamName, logEvents: messages.map((message) => ({ timestamp: Date.now(), message })) }));
const tail = async (input) => (await logs.send(new sdk.StartLiveTailCommand(input))).responseStream[Symbol.asyncIterator]();
const next = async (events) => (await events.next()).value;
const arn = (group) => `arn:aws:logs:us-east-1:000000000000:log-group:${group}`;

// The first update that holds something.
const update = async (events) => {
  for (;;) {
    const { sessionUpdate } = await next(events);
    if (sessionUpdate.sessionResults.length > 0) return sessionUpdate;
  }
};

test('a session begins with what was asked for and tells what is written, second by second', async () => {
  await make('followed', 'a', 'b');
  await put('followed', 'a', 'before');
  const events = await tail({ logGroupIdentifiers: [arn('followed')] });
  const { sessionStart } = await next(events);
  assert.deepEqual(sessionStart.logGroupIdentifiers, [arn('followed')]);
  assert.ok(sessionStart.sessionId);
  await put('followed', 'b', 'one', 'two');
  const { sessionMetadata, sessionResults } = await update(events);
  assert.equal(sessionMetadata.sampled, false);
  assert.deepEqual(sessionResults.map(({ logStreamName, message }) => [logStreamName, message]), [['b', 'one'], ['b', 'two']]);
  assert.equal(sessionResults[0].logGroupIdentifier, '000000000000:followed');
  assert.ok(Math.abs(sessionResults[0].timestamp - Date.now()) < 60_000);
  assert.deepEqual((await next(events)).sessionUpdate.sessionResults, []);
  await events.return();
});

test('patterns and streams choose', async () => {
  await make('chosen', 'web', 'worker');
  const events = await tail({ logGroupIdentifiers: [arn('chosen')], logStreamNamePrefixes: ['w'], logEventFilterPattern: 'ERROR' });
  await next(events);
  await put('chosen', 'web', 'INFO fine', 'ERROR not');
  assert.deepEqual((await update(events)).sessionResults.map(({ message }) => message), ['ERROR not']);
  await events.return();
});

test('more than 500 a second are sampled', async () => {
  await make('busy', 'a');
  const events = await tail({ logGroupIdentifiers: [arn('busy')] });
  await next(events);
  await put('busy', 'a', ...Array.from({ length: 2_000 }, (_, i) => `line ${i}`));
  const { sessionMetadata, sessionResults } = await update(events);
  assert.equal(sessionResults.length, 500);
  assert.equal(sessionMetadata.sampled, true);
  await events.return();
});

test('what cannot be followed is refused', async () => {
  const missing = await refusal(logs.send(new sdk.StartLiveTailCommand({ logGroupIdentifiers: [arn('nowhere')] })));
  assert.equal(missing.name, 'ResourceNotFoundException');
  await make('two');
  await make('three');
  const several = await refusal(logs.send(new sdk.StartLiveTailCommand({ logGroupIdentifiers: [arn('two'), arn('three')], logStreamNames: ['a'] })));
  assert.equal(several.name, 'InvalidParameterException');
});

test('a client that goes makes room for another session', async () => {
  const credentials = { accessKeyId: '111122223333', secretAccessKey: 'x' };  // an account of its own
  const client = () => new sdk.CloudWatchLogsClient(server.clientConfig({ disableHostPrefix: true, credentials }));
  const first = client(), second = client();
  await first.send(new sdk.CreateLogGroupCommand({ logGroupName: 'crowded' }));
  const open = (from) => from.send(new sdk.StartLiveTailCommand({ logGroupIdentifiers: ['crowded'] }));
  for (let i = 0; i < 15; ++i) await open(first);
  assert.equal((await refusal(open(second))).name, 'LimitExceededException');
  first.destroy();
  const deadline = performance.now() + 60_000;
  for (;;) {
    try {
      await open(second);
      break;
    } catch (error) {
      if (error.name !== 'LimitExceededException' || performance.now() > deadline) throw error;
    }
  }
  second.destroy();
});
