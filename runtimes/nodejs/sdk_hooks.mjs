// The hooks of sdk.cjs where Node.js runs them in a thread of their own.
const isOffered = /^@(aws-sdk|smithy|aws-crypto|aws)\//;

let parentURL;

export function initialize(data) {
  parentURL = data.parentURL;
}

export async function resolve(specifier, context, next) {
  if (!isOffered.test(specifier)) return next(specifier, context);
  try {
    return await next(specifier, context);
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return next(specifier, { ...context, parentURL });
  }
}
