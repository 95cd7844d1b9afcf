// What the environment says to the runtime itself, read once.
'use strict';

const { env } = process;

// "AWS_Lambda_nodejs22.x": which runtime was asked for, which need not be the version of the program that plays it.
const named = /^AWS_Lambda_nodejs(\d+)\.x$/.exec(env.AWS_EXECUTION_ENV ?? '');
const release = Number(named ? named[1] : process.versions.node.split('.')[0]);

const logDescriptor = Number.parseInt(env._LAMBDA_TELEMETRY_LOG_FD, 10);
delete env._LAMBDA_TELEMETRY_LOG_FD; // what the function starts does not have the descriptor

module.exports = {
  runtimeApi: env.AWS_LAMBDA_RUNTIME_API,
  endpoint: env.AWS_ENDPOINT_URL,
  handler: env._HANDLER ?? '',
  root: env.LAMBDA_TASK_ROOT || process.cwd(),
  // Up to Node.js 22 handlers may call back; from 24 on what they return is the answer, and that alone.
  takesCallbacks: release < 24,
  logsJson: (env.AWS_LAMBDA_LOG_FORMAT ?? '').toUpperCase() === 'JSON',
  logLevel: (env.AWS_LAMBDA_LOG_LEVEL ?? '').toUpperCase(),
  logDescriptor: Number.isInteger(logDescriptor) ? logDescriptor : null,
  hasGlobal: !['1', 'true'].includes(env.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA ?? ''),
};
