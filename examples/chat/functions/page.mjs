// Serves the page, behind a function URL.
import { readFile } from 'node:fs/promises';

const url = process.env.CHAT_URL ?? ''; // of the WebSocket API
const files = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/chat.js': ['chat.js', 'text/javascript; charset=utf-8'],
  '/chat.css': ['chat.css', 'text/css; charset=utf-8'],
};
const headers = {
  'cache-control': 'no-cache',
  'content-security-policy':
    `default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self' ${url} ${url.replace(/^ws/, 'http')}; ` +
    `base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

export async function handler({ rawPath }) {
  if (rawPath === '/settings.json') return { statusCode: 200, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify({ url }) };
  const [name, type] = files[rawPath] ?? [];
  if (!name) return { statusCode: 404, headers, body: 'There is no such page.' };
  return { statusCode: 200, headers: { ...headers, 'content-type': type }, body: await readFile(new URL(`page/${name}`, import.meta.url), 'utf8') };
}
