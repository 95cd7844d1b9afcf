// The connections that are open: registered in a table, and sent messages.
import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { dynamodb, inHours, tables } from './tables.mjs';

// API Gateway ends a connection after two hours, and $disconnect deletes the record; the time to live is the net below.
export async function register({ connectionId, user }) {
  const Item = { connectionId, user, connectedAt: new Date().toISOString(), expiresAt: inHours(3) };
  await dynamodb.send(new PutCommand({ TableName: tables.connections, Item }));
}

export async function unregister({ connectionId }) {
  await dynamodb.send(new DeleteCommand({ TableName: tables.connections, Key: { connectionId } }));
}

const clients = new Map(); // by endpoint
function clientOf({ domainName, stage }) {
  const endpoint = `https://${domainName}/${stage}`;
  if (!clients.has(endpoint)) clients.set(endpoint, new ApiGatewayManagementApiClient({ endpoint }));
  return clients.get(endpoint);
}

// False: nobody is there any more.
export async function send(connection, message) {
  const { connectionId: ConnectionId } = connection;
  try {
    await clientOf(connection).send(new PostToConnectionCommand({ ConnectionId, Data: JSON.stringify(message) }));
    return true;
  } catch (error) {
    if (error.name !== 'GoneException') throw error;
    await unregister(connection);
    return false;
  }
}
