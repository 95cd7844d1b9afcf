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

const pythonBootstrap = fileURLToPath(new URL('../../runtimes/python/bootstrap.py', import.meta.url));

// FUNCTION_PYTHON names another Python than the machine's own.
export function startPython(t, { runtime = 'python3.12', handler = 'main.handler', environment = {}, ...function_ }) {
  return startFunction(t, {
    command: [process.env.FUNCTION_PYTHON ?? 'python3', pythonBootstrap],
    handler,
    environment: { AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`, PYTHONDONTWRITEBYTECODE: '1', ...environment },
    ...function_,
  });
}
