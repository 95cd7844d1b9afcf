// DynamoDB through the AWS SDK for JavaScript v3, its document client and its paginators.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import * as sdk from '@aws-sdk/client-dynamodb';
import * as lib from '@aws-sdk/lib-dynamodb';
import { Outcrop, refusal } from '../support/outcrop.mjs';

let server, client, documents;
before(async () => {
  server = await Outcrop.start('--clock', 'manual');
  client = new sdk.DynamoDBClient(server.clientConfig());
  documents = lib.DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
});
after(async () => assert.equal(await server.stop(), 0, server.log));
beforeEach(() => server.admin('reset'));

const TableName = 'sessions';
async function make(more = {}) {
  await client.send(
    new sdk.CreateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: 'user', AttributeType: 'S' }, { AttributeName: 'at', AttributeType: 'N' }],
      KeySchema: [{ AttributeName: 'user', KeyType: 'HASH' }, { AttributeName: 'at', KeyType: 'RANGE' }],
      BillingMode: 'PAY_PER_REQUEST',
      ...more,
    }),
  );
  await sdk.waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 1 }, { TableName });
}

test('a table is made, described, listed, changed and deleted', async () => {
  await make({ Tags: [{ Key: 'team', Value: 'chat' }] });
  const { Table } = await client.send(new sdk.DescribeTableCommand({ TableName }));
  assert.equal(Table.TableStatus, 'ACTIVE');
  assert.equal(Table.BillingModeSummary.BillingMode, 'PAY_PER_REQUEST');
  assert.match(Table.TableArn, /^arn:aws:dynamodb:us-east-1:000000000000:table\/sessions$/);
  assert.deepEqual((await client.send(new sdk.ListTablesCommand({}))).TableNames, [TableName]);
  assert.deepEqual((await client.send(new sdk.ListTagsOfResourceCommand({ ResourceArn: Table.TableArn }))).Tags, [{ Key: 'team', Value: 'chat' }]);
  await client.send(new sdk.UpdateTableCommand({ TableName, DeletionProtectionEnabled: true }));
  assert.equal((await refusal(client.send(new sdk.DeleteTableCommand({ TableName })))).name, 'ValidationException');
  await client.send(new sdk.UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
  await client.send(new sdk.DeleteTableCommand({ TableName }));
  assert.equal((await refusal(client.send(new sdk.DescribeTableCommand({ TableName })))).name, 'ResourceNotFoundException');
});

test('documents keep every type', async () => {
  await make();
  const Item = {
    user: 'ada', at: 1, text: 'ü', none: null, yes: true, list: [1, 'two', { three: [] }], map: { deep: { er: -1.5 } },
    texts: new Set(['a', 'b']), numbers: new Set([1, 2.5]), bytes: new Uint8Array([0, 255]), empty: '',
  };
  await documents.send(new lib.PutCommand({ TableName, Item }));
  const read = await documents.send(new lib.GetCommand({ TableName, Key: { user: 'ada', at: 1 }, ConsistentRead: true }));
  assert.deepEqual({ ...read.Item, bytes: new Uint8Array(read.Item.bytes) }, Item);
});

test('updates count, append and condition', async () => {
  await make();
  const Key = { user: 'ada', at: 1 };
  const update = (more) => documents.send(new lib.UpdateCommand({ TableName, Key, ReturnValues: 'ALL_NEW', ...more }));
  const values = { ':one': 1, ':entry': ['hello'], ':none': [] };
  const UpdateExpression = 'ADD visits :one SET entries = list_append(if_not_exists(entries, :none), :entry)';
  await update({ UpdateExpression, ExpressionAttributeValues: values });
  const { Attributes } = await update({ UpdateExpression, ExpressionAttributeValues: values, ConditionExpression: 'visits = :one' });
  assert.deepEqual(Attributes, { ...Key, visits: 2, entries: ['hello', 'hello'] });
  const failed = await refusal(
    update({ UpdateExpression, ExpressionAttributeValues: values, ConditionExpression: 'visits = :one', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
  );
  assert.equal(failed.name, 'ConditionalCheckFailedException');
  assert.equal(failed.Item.visits.N ?? failed.Item.visits, failed.Item.visits.N ? '2' : 2);
});

test('queries page through a partition in order, and filter', async () => {
  await make();
  const items = Array.from({ length: 60 }, (_, at) => ({ user: 'ada', at, odd: at % 2 === 1 }));
  for (let i = 0; i < items.length; i += 25) {
    const RequestItems = { [TableName]: items.slice(i, i + 25).map((Item) => ({ PutRequest: { Item } })) };
    assert.deepEqual((await documents.send(new lib.BatchWriteCommand({ RequestItems }))).UnprocessedItems, {});
  }
  const found = [];
  const pages = lib.paginateQuery(
    { client: documents, pageSize: 7 },
    { TableName, KeyConditionExpression: '#u = :u AND #at >= :from', FilterExpression: 'odd = :yes', ExpressionAttributeNames: { '#u': 'user', '#at': 'at' }, ExpressionAttributeValues: { ':u': 'ada', ':from': 10, ':yes': true }, ScanIndexForward: false },
  );
  for await (const page of pages) found.push(...page.Items.map((item) => item.at));
  assert.deepEqual(found, items.filter((item) => item.odd && item.at >= 10).map((item) => item.at).reverse());
  const scanned = [];
  for (const Segment of [0, 1, 2]) {
    for await (const page of lib.paginateScan({ client: documents }, { TableName, Segment, TotalSegments: 3 })) scanned.push(...page.Items);
  }
  assert.equal(scanned.length, items.length);
});

test('an index that is added is filled and then followed', async () => {
  await make();
  for (let at = 0; at < 150; ++at) await documents.send(new lib.PutCommand({ TableName, Item: { user: `u${at}`, at, room: at % 3 ? 'red' : 'blue' } }));
  await client.send(
    new sdk.UpdateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: 'room', AttributeType: 'S' }],
      GlobalSecondaryIndexUpdates: [{ Create: { IndexName: 'by-room', KeySchema: [{ AttributeName: 'room', KeyType: 'HASH' }], Projection: { ProjectionType: 'KEYS_ONLY' } } }],
    }),
  );
  const isActive = async () => (await client.send(new sdk.DescribeTableCommand({ TableName }))).Table.GlobalSecondaryIndexes[0].IndexStatus === 'ACTIVE';
  const deadline = performance.now() + 30_000;
  while (!(await isActive())) assert.ok(performance.now() < deadline, 'the index is never filled');
  await documents.send(new lib.PutCommand({ TableName, Item: { user: 'late', at: 1, room: 'blue' } }));
  const query = { TableName, IndexName: 'by-room', KeyConditionExpression: 'room = :r', ExpressionAttributeValues: { ':r': 'blue' }, Select: 'COUNT' };
  assert.equal((await documents.send(new lib.QueryCommand(query))).Count, 51);
});

test('transactions are whole, and tell their reasons', async () => {
  await make();
  const put = (at, more) => ({ Put: { TableName, Item: { user: 'ada', at }, ...more } });
  await documents.send(new lib.TransactWriteCommand({ TransactItems: [put(1), put(2)] }));
  const failed = await refusal(documents.send(new lib.TransactWriteCommand({ TransactItems: [put(3), put(1, { ConditionExpression: 'attribute_not_exists(#u)', ExpressionAttributeNames: { '#u': 'user' } })] })));
  assert.equal(failed.name, 'TransactionCanceledException');
  assert.deepEqual(failed.CancellationReasons.map((reason) => reason.Code), ['None', 'ConditionalCheckFailed']);
  const read = await documents.send(new lib.TransactGetCommand({ TransactItems: [1, 2, 3].map((at) => ({ Get: { TableName, Key: { user: 'ada', at } } })) }));
  assert.deepEqual(read.Responses.map((response) => response.Item?.at), [1, 2, undefined]);
});

test('items expire when the clock has passed their time', async () => {
  await make();
  await client.send(new sdk.UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { Enabled: true, AttributeName: 'ttl' } }));
  const { time } = await server.admin('clock', undefined, 'GET');
  const ttl = Math.floor(Date.parse(time) / 1000) + 600;
  await documents.send(new lib.PutCommand({ TableName, Item: { user: 'ada', at: 1, ttl } }));
  await server.admin('clock/advance', { duration: '20m' });
  assert.equal((await documents.send(new lib.GetCommand({ TableName, Key: { user: 'ada', at: 1 } }))).Item, undefined);
});

test('what violates the model is told in words of DynamoDB', async () => {
  await make();
  const message = async (command) => (await refusal(client.send(command))).message;
  const Keys = Array.from({ length: 101 }, (_, at) => ({ user: { S: 'ada' }, at: { N: `${at}` } }));
  const writes = Array.from({ length: 26 }, (_, at) => ({ PutRequest: { Item: { user: { S: 'ada' }, at: { N: `${at}` } } } }));
  assert.equal(await message(new sdk.BatchGetItemCommand({ RequestItems: {} })), 'The requestItems parameter is required for BatchGetItem');
  assert.equal(
    await message(new sdk.BatchGetItemCommand({ RequestItems: { sessions: { Keys } } })),
    "1 validation error detected: Value at 'RequestItems.sessions.member.Keys' failed to satisfy constraint: Member must have length less than or equal to 100",
  );
  assert.match(
    await message(new sdk.BatchWriteItemCommand({ RequestItems: { sessions: writes } })),
    /^1 validation error detected: Value '{sessions=\[.*\]}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: \[Member must have length less than or equal to 25, Member must have length greater than or equal to 1\]$/,
  );
  assert.equal(
    await message(new sdk.QueryCommand({ TableName, Limit: 0, KeyConditions: {} })),
    "1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
  );
  assert.equal(await message(new sdk.DescribeTableCommand({})), "The parameter 'TableName' is required but was not present in the request");
});

test('the largest items are whole in an index, page by page', async () => {
  const indexes = Array.from({ length: 20 }, (_, i) => ({ IndexName: `by-room-${i}`, KeySchema: [{ AttributeName: 'room', KeyType: 'HASH' }], Projection: { ProjectionType: 'ALL' } }));
  await make({
    AttributeDefinitions: [{ AttributeName: 'user', AttributeType: 'S' }, { AttributeName: 'at', AttributeType: 'N' }, { AttributeName: 'room', AttributeType: 'S' }],
    GlobalSecondaryIndexes: indexes,
  });
  const text = 'x'.repeat(400_000);
  const TransactItems = Array.from({ length: 10 }, (_, at) => ({ Put: { TableName, Item: { user: 'ada', at, room: 'red', text } } }));
  await documents.send(new lib.TransactWriteCommand({ TransactItems }));
  const found = [];
  let pages = 0;
  const query = { TableName, IndexName: 'by-room-19', KeyConditionExpression: 'room = :r', ExpressionAttributeValues: { ':r': 'red' } };
  for await (const page of lib.paginateQuery({ client: documents }, query)) {
    pages += 1;
    found.push(...page.Items);
  }
  assert.deepEqual(found.map((item) => [item.at, item.text.length]).sort(([a], [b]) => a - b), TransactItems.map((_, at) => [at, text.length]));
  assert.equal(pages, 4);
});

test('a token that comes again changes nothing, and consumes what reading takes', async () => {
  await make();
  const item = { Put: { TableName, Item: { user: 'ada', at: 1 } } };
  const command = { TransactItems: [item], ClientRequestToken: 'once', ReturnConsumedCapacity: 'TOTAL' };
  const [first] = (await documents.send(new lib.TransactWriteCommand(command))).ConsumedCapacity;
  const [again] = (await documents.send(new lib.TransactWriteCommand(command))).ConsumedCapacity;
  assert.deepEqual([first.WriteCapacityUnits, first.ReadCapacityUnits], [2, undefined]);
  assert.deepEqual([again.WriteCapacityUnits, again.ReadCapacityUnits], [undefined, 2]);
  const other = { ...command, TransactItems: [{ Put: { TableName, Item: { user: 'ada', at: 2 } } }] };
  assert.equal((await refusal(documents.send(new lib.TransactWriteCommand(other)))).name, 'IdempotentParameterMismatchException');
});

test('encryption that was asked for is told', async () => {
  await make({ SSESpecification: { Enabled: true } });
  const { Table } = await client.send(new sdk.DescribeTableCommand({ TableName }));
  assert.deepEqual(Table.SSEDescription, { Status: 'ENABLED', SSEType: 'KMS' });
});

test('what is not built says so', async () => {
  const refused = await refusal(make({ StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' } }));
  assert.match(refused.message, /DynamoDB Streams/);
  assert.match((await refusal(client.send(new sdk.CreateBackupCommand({ TableName: 'sessions', BackupName: 'one' })))).message, /CreateBackup/);
});
