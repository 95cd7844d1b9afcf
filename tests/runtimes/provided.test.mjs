// The C++ function of tests/functions against a scripted Runtime API.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFunction } from '../support/runtime_api.mjs';

const program = process.env.OUTCROP_ECHO_BOOTSTRAP;

test('echo answers the event, length its size, over one connection', async (t) => {
  const echo = await startFunction(t, { command: [program], files: {}, handler: 'echo' });
  assert.equal((await echo.invoke({ a: 1 })).body, '{"a":1}');
  assert.equal((await echo.invoke('x'.repeat(300_000))).body.length, 300_000);
  assert.equal(echo.api.connections, 1);
  const length = await startFunction(t, { command: [program], files: {}, handler: 'length' });
  assert.equal((await length.invoke({ a: 1 })).body, '7');
});
