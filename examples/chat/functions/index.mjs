// The chat's function: every route of the WebSocket API leads here. Written for AWS; nothing here knows Outcrop.
//
// A message of the page is {"action": "ask" | "stop" | "history", "conversationId": "…", …}, and README.md says what is sent back. What the page did
// wrong it is told as an error; everything else that fails is the function's error, and API Gateway's "Internal server error".
import { ask, history, stop } from './conversation.mjs';
import { register, send, unregister } from './connections.mjs';
import { Refusal } from './refusal.mjs';

const routes = { $connect: register, $disconnect: unregister, ask, stop, history };

export async function handler(event) {
  const { routeKey, connectionId, domainName, stage, authorizer } = event.requestContext;
  const connection = { connectionId, domainName, stage, user: authorizer?.principalId };
  const message = messageOf(event.body);
  try {
    const route = routes[routeKey];
    if (!route) throw new Refusal('unknown_action', `There is no action ${JSON.stringify(message.action ?? null)}; there are ask, stop and history.`);
    await route(connection, message);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { conversationId, id } = message;
    await send(connection, { type: 'error', conversationId, id, code: error.code, message: error.message });
  }
  return { statusCode: 200 };
}

function messageOf(body) {
  try {
    return Object(JSON.parse(body));
  } catch {
    return {}; // of $connect and $disconnect there is none, and $default gets what is no JSON
  }
}
