// Functions that run by our own bootstraps, without Outcrop. FUNCTION_NODE names another Node.js than the tests' own.
import { fileURLToPath } from 'node:url';
import { startFunction } from './runtime_api.mjs';

const bootstrap = fileURLToPath(new URL('../../runtimes/nodejs/bootstrap.cjs', import.meta.url));

export function startNode(t, { runtime = 'nodejs22.x', handler = 'index.handler', library = '', environment = {}, ...function_ }) {
  return startFunction(t, {
    command: [process.env.FUNCTION_NODE ?? process.execPath, bootstrap, library],
    handler,
    environment: { AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`, ...environment },
    ...function_,
  });
}
