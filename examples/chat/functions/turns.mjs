// Conversations in their table: turns of a question and its answer, by conversation and time.
//
// A turn is "answering" until its answer is "done", "cut" (as long as it may be), "stopped" or "failed" (then `error` says why). The function that answers
// writes the turn again and again, and reads from it what has happened meanwhile: whether it is to stop, and its `follower`, the connection that has the
// answer since then, because a page that was cut off comes back by another.
import { PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { dynamodb, inHours, tables } from './tables.mjs';

const TableName = tables.conversations;
const silenceMsMax = 10_000; // an answer that was not written for so long is written by nobody any more

const isAbandoned = ({ status, writtenAt }) => status === 'answering' && Date.now() - writtenAt > silenceMsMax;

// The latest turns, oldest first.
export async function latestTurns(conversation, Limit) {
  const { Items } = await dynamodb.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'conversation = :conversation',
      ExpressionAttributeValues: { ':conversation': conversation },
      ScanIndexForward: false,
      ConsistentRead: true,
      Limit,
    }),
  );
  return Items.reverse().map((turn) => (isAbandoned(turn) ? { ...turn, status: 'failed', error: 'The answer was interrupted.' } : turn));
}

export async function beginTurn(conversation, { id, question, follower }) {
  const turn = { conversation, at: new Date().toISOString(), id, question, answer: '', status: 'answering', writtenAt: Date.now(), follower };
  await dynamodb.send(new PutCommand({ TableName, Item: { ...turn, expiresAt: inHours(30 * 24) } }));
  return turn;
}

// Sets attributes of a turn that is being answered, and gives it as it is then. Undefined: it is not being answered any more.
export async function changeTurn({ conversation, at }, attributes) {
  const names = Object.keys(attributes);
  try {
    const { Attributes } = await dynamodb.send(
      new UpdateCommand({
        TableName,
        Key: { conversation, at },
        UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`)}`,
        ConditionExpression: '#status = :answering',
        ExpressionAttributeNames: Object.fromEntries(['status', ...names].map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: { ':answering': 'answering', ...Object.fromEntries(names.map((name) => [`:${name}`, attributes[name]])) },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return Attributes;
  } catch (error) {
    if (error.name !== 'ConditionalCheckFailedException') throw error;
    return undefined;
  }
}
