// Asks a model on Amazon Bedrock about a document and prints the answer as it comes, as one would write it for AWS: nothing
// here knows Outcrop.
//
//   node ask.mjs DOCUMENT QUESTION...
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';

const [path, ...questions] = process.argv.slice(2);
const modelId = process.env.MODEL_ID ?? 'amazon.nova-lite-v1:0';
const file = await readFile(path);
const bytes = path.endsWith('.gz') ? gunzipSync(file) : file;
const bedrock = new BedrockRuntimeClient({});

console.log(`\nThe document has ${Math.round(bytes.length / 1024)} KiB of text; the model is ${modelId}.`);
for (const question of questions) {
  console.log(`\n? ${question}`);
  process.stdout.write('  ');
  const began = performance.now();
  let first, usage;
  const { stream } = await bedrock.send(
    new ConverseStreamCommand({
      modelId,
      messages: [{ role: 'user', content: [{ document: { name: 'manual', format: 'txt', source: { bytes } } }, { text: question }] }],
      inferenceConfig: { maxTokens: 500 },
    }),
  );
  for await (const { contentBlockDelta, metadata } of stream) {
    if (contentBlockDelta?.delta.text) {
      first ??= performance.now() - began;
      process.stdout.write(contentBlockDelta.delta.text.replaceAll('\n', '\n  '));
    }
    usage ??= metadata?.usage;
  }
  console.log(`\n  [${usage.inputTokens} tokens in, ${usage.outputTokens} out, the first after ${Math.round(first)} ms]`);
}
