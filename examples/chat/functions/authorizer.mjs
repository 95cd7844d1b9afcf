// The REQUEST authorizer of $connect: who has a token may come in, and is known by its user from then on.
import { userOf } from './tokens.mjs';

export async function handler(event) {
  const user = userOf(event.queryStringParameters?.token, process.env.SECRET);
  if (!user) throw new Error('Unauthorized'); // these very words make it a 401
  return {
    principalId: user,
    policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: event.methodArn }] },
  };
}
