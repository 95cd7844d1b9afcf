// Tokens that let a user in until a time: USER.SECONDS.SIGNATURE.
import { createHmac, timingSafeEqual } from 'node:crypto';

const signatureOf = (secret, text) => createHmac('sha256', secret).update(text).digest('base64url');

export function tokenFor(user, secret, hours = 24) {
  const claims = `${user}.${Math.round(Date.now() / 1000) + hours * 3600}`;
  return `${claims}.${signatureOf(secret, claims)}`;
}

// Undefined: the token is none of ours, or its time is over.
export function userOf(token, secret) {
  const [, claims, user, expiry, signature] = /^(([\w-]+)\.(\d+))\.([\w-]+)$/.exec(token) ?? [];
  if (!claims || Number(expiry) * 1000 < Date.now()) return undefined;
  const expected = Buffer.from(signatureOf(secret, claims));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected) ? user : undefined;
}
