// The two tables, and when their items go.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

// connections:    connectionId                      → user, connectedAt
// conversations:  conversation (USER/ID), at (time) → a turn: id, question, answer, status, … (conversation.mjs)
export const tables = { connections: process.env.CONNECTIONS_TABLE, conversations: process.env.CONVERSATIONS_TABLE };

export const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions: { removeUndefinedValues: true } });

// For the attribute expiresAt, by which DynamoDB deletes what nobody deleted.
export const inHours = (hours) => Math.round(Date.now() / 1000) + hours * 3600;
