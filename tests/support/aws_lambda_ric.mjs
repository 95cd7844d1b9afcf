// AWS's own runtime interface client for Node.js, where it is installed: tools/setup builds it, or AWS_LAMBDA_RIC names its folder.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const built = fileURLToPath(new URL('../../build/tools/aws-lambda-ric/node_modules/aws-lambda-ric', import.meta.url));

export const ric = process.env.AWS_LAMBDA_RIC ?? built;

// The options of a test that needs it: it says so where it is left out.
export const withRic = fs.existsSync(path.join(ric, 'dist/rapid-client.node')) ? {} : { skip: `there is no aws-lambda-ric in ${ric}` };
