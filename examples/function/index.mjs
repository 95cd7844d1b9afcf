// A Lambda function that answers questions about the document it was deployed with: it asks a model on Amazon Bedrock and streams the answer on,
// token by token. Written for AWS; nothing here knows Outcrop.
//
// Invoked directly its event is { "question": "…" }; behind a function URL that is the request's body.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';

const bedrock = new BedrockRuntimeClient({});
const bytes = gunzipSync(readFileSync(new URL('manual.txt.gz', import.meta.url)));
const modelId = process.env.MODEL_ID ?? 'amazon.nova-lite-v1:0';

export const handler = awslambda.streamifyResponse(async (event, responseStream) => {
  const { question } = event.body ? JSON.parse(event.isBase64Encoded ? Buffer.from(event.body, 'base64') : event.body) : event;
  responseStream.setContentType('text/plain; charset=utf-8');
  const { stream } = await bedrock.send(
    new ConverseStreamCommand({
      modelId,
      messages: [{ role: 'user', content: [{ document: { name: 'manual', format: 'txt', source: { bytes } } }, { text: question }] }],
      inferenceConfig: { maxTokens: 500 },
    }),
  );
  for await (const { contentBlockDelta } of stream) {
    if (contentBlockDelta?.delta.text) responseStream.write(contentBlockDelta.delta.text);
  }
  responseStream.end();
});
