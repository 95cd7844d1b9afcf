// The Bedrock control plane through the AWS SDK for JavaScript v3: what it tells of models, and inference profiles that invocations use.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  BedrockClient,
  CreateInferenceProfileCommand,
  DeleteInferenceProfileCommand,
  GetFoundationModelAvailabilityCommand,
  GetFoundationModelCommand,
  GetInferenceProfileCommand,
  ListFoundationModelsCommand,
  ListGuardrailsCommand,
  ListInferenceProfilesCommand,
  ListTagsForResourceCommand,
  paginateListInferenceProfiles,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient, ConverseCommand, CountTokensCommand, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { Outcrop, refusal } from '../support/outcrop.mjs';

const novaLite = 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0';
const account = '000000000000';

let server, bedrock, runtime;
before(async () => {
  server = await Outcrop.start('--clock', 'manual');
  bedrock = new BedrockClient(server.clientConfig());
  runtime = new BedrockRuntimeClient(server.clientConfig());
});
after(async () => assert.equal(await server.stop(), 0, server.log));

const create = (inferenceProfileName, copyFrom = novaLite, more = {}) =>
  bedrock.send(new CreateInferenceProfileCommand({ inferenceProfileName, modelSource: { copyFrom }, ...more }));
const get = (inferenceProfileIdentifier) => bedrock.send(new GetInferenceProfileCommand({ inferenceProfileIdentifier }));
const remove = (inferenceProfileIdentifier) => bedrock.send(new DeleteInferenceProfileCommand({ inferenceProfileIdentifier }));

test('ListFoundationModels lists models with what they take, give and offer', async () => {
  const { modelSummaries } = await bedrock.send(new ListFoundationModelsCommand({ byProvider: 'amazon', byOutputModality: 'TEXT' }));
  const model = modelSummaries.find(({ modelId }) => modelId === 'amazon.nova-lite-v1:0');
  assert.deepEqual(model, {
    modelArn: novaLite,
    modelId: 'amazon.nova-lite-v1:0',
    modelName: 'Nova Lite',
    providerName: 'Amazon',
    inputModalities: ['TEXT', 'IMAGE', 'VIDEO'],
    outputModalities: ['TEXT'],
    responseStreamingSupported: true,
    customizationsSupported: ['FINE_TUNING', 'DISTILLATION'],
    inferenceTypesSupported: ['ON_DEMAND', 'PROVISIONED', 'INFERENCE_PROFILE'],
    modelLifecycle: { status: 'ACTIVE' },
  });
  assert.ok(modelSummaries.every(({ providerName }) => providerName === 'Amazon'));
});

test('GetFoundationModel tells of one, by its id or ARN, and of no other', async () => {
  const { modelDetails } = await bedrock.send(new GetFoundationModelCommand({ modelIdentifier: 'anthropic.claude-haiku-4-5-20251001-v1:0' }));
  assert.deepEqual(modelDetails.inferenceTypesSupported, ['INFERENCE_PROFILE']);
  assert.deepEqual(modelDetails.modelLifecycle, { status: 'ACTIVE', startOfLifeTime: new Date('2025-10-16T00:00:00Z') });
  assert.equal((await bedrock.send(new GetFoundationModelCommand({ modelIdentifier: novaLite }))).modelDetails.modelArn, novaLite);
  const unknown = await refusal(bedrock.send(new GetFoundationModelCommand({ modelIdentifier: 'amazon.none-v1:0' })));
  assert.equal(unknown.name, 'ValidationException');
  assert.equal(unknown.message, 'The provided model identifier is invalid.');
});

test('GetFoundationModelAvailability says that a model may be used', async () => {
  const { $metadata, ...answer } = await bedrock.send(new GetFoundationModelAvailabilityCommand({ modelId: 'amazon.nova-lite-v1:0' }));
  assert.deepEqual(answer, {
    modelId: 'amazon.nova-lite-v1:0',
    agreementAvailability: { status: 'AVAILABLE' },
    authorizationStatus: 'AUTHORIZED',
    entitlementAvailability: 'AVAILABLE',
    regionAvailability: 'AVAILABLE',
  });
});

test('a system-defined profile says where it routes to', async () => {
  const { $metadata, ...profile } = await get('us.amazon.nova-micro-v1:0');
  assert.deepEqual(profile, {
    inferenceProfileName: 'US Nova Micro',
    description: 'Routes requests to Nova Micro in us-east-1, us-east-2 and us-west-2.',
    inferenceProfileArn: `arn:aws:bedrock:us-east-1:${account}:inference-profile/us.amazon.nova-micro-v1:0`,
    models: ['us-east-1', 'us-east-2', 'us-west-2'].map((region) => ({
      modelArn: `arn:aws:bedrock:${region}::foundation-model/amazon.nova-micro-v1:0`,
    })),
    inferenceProfileId: 'us.amazon.nova-micro-v1:0',
    status: 'ACTIVE',
    type: 'SYSTEM_DEFINED',
  });
});

test('profiles are listed page by page, those of the service unless asked otherwise', async () => {
  const { inferenceProfileSummaries: whole } = await bedrock.send(new ListInferenceProfilesCommand({}));
  assert.ok(whole.length > 30);
  const paged = [];
  for await (const page of paginateListInferenceProfiles({ client: bedrock, pageSize: 7 }, { typeEquals: 'SYSTEM_DEFINED' })) {
    assert.ok(page.inferenceProfileSummaries.length <= 7);
    paged.push(...page.inferenceProfileSummaries);
  }
  assert.deepEqual(paged, whole);
  const broken = await refusal(bedrock.send(new ListInferenceProfilesCommand({ nextToken: 'nonsense' })));
  assert.equal(broken.name, 'ValidationException');
});

test('an application profile is made, told of, listed, tagged and deleted', async () => {
  const { inferenceProfileArn: arn, status } = await create('Claims desk', novaLite, {
    description: 'Of the claims desk',
    tags: [{ key: 'team', value: 'claims' }],
  });
  assert.match(arn, new RegExp(`^arn:aws:bedrock:us-east-1:${account}:application-inference-profile/[a-z0-9]{12}$`));
  assert.equal(status, 'ACTIVE');
  const { $metadata, ...profile } = await get(arn);
  assert.equal(profile.inferenceProfileName, 'Claims desk');
  assert.equal(profile.description, 'Of the claims desk');
  assert.deepEqual(profile.models, [{ modelArn: novaLite }]);
  assert.equal(profile.type, 'APPLICATION');
  assert.ok(profile.createdAt instanceof Date && +profile.createdAt === +profile.updatedAt);
  const { inferenceProfileSummaries } = await bedrock.send(new ListInferenceProfilesCommand({ typeEquals: 'APPLICATION' }));
  assert.deepEqual(inferenceProfileSummaries, [profile]);

  await bedrock.send(new TagResourceCommand({ resourceARN: arn, tags: [{ key: 'stage', value: 'test' }] }));
  await bedrock.send(new UntagResourceCommand({ resourceARN: arn, tagKeys: ['team'] }));
  const { tags } = await bedrock.send(new ListTagsForResourceCommand({ resourceARN: arn }));
  assert.deepEqual(tags, [{ key: 'stage', value: 'test' }]);

  assert.equal((await refusal(create('Claims desk'))).name, 'ConflictException');
  await remove(profile.inferenceProfileId);
  assert.equal((await refusal(get(arn))).name, 'ResourceNotFoundException');
});

test('a request that is repeated with its token makes one profile', async () => {
  const first = await create('once', novaLite, { clientRequestToken: 'token-1' });
  const again = await create('once', novaLite, { clientRequestToken: 'token-1' });
  assert.equal(again.inferenceProfileArn, first.inferenceProfileArn);
  await remove(first.inferenceProfileArn);
});

test('of requests that race for a name one makes a profile', async () => {
  const racing = await Promise.allSettled(Array.from({ length: 8 }, () => create('raced')));
  const made = racing.filter(({ status }) => status === 'fulfilled');
  const names = racing.filter(({ status }) => status === 'rejected').map(({ reason }) => reason.name);
  assert.equal(made.length, 1);
  assert.deepEqual([...new Set(names)], ['ConflictException']);
  await remove(made[0].value.inferenceProfileArn);
});

test('what breaks the rules is refused as AWS does', async () => {
  const source = await refusal(create('name', 'arn:aws:bedrock:us-east-1::foundation-model/amazon.none-v1:0'));
  assert.equal(source.name, 'ValidationException');
  assert.equal(source.message, 'copyFrom must be a valid inference profile model source ARN.');
  const name = await refusal(create('no; semicolons'));
  assert.equal(name.name, 'ValidationException');
  assert.match(name.message, /^1 validation error detected: Value 'no; semicolons' at 'inferenceProfileName' failed to satisfy constraint: /);
  const many = await refusal(create('name', novaLite, { tags: Array.from({ length: 51 }, (_, i) => ({ key: `k${i}`, value: '' })) }));
  assert.equal(many.name, 'TooManyTagsException');
  assert.equal(many.resourceName, 'name');
  const system = await refusal(remove('us.amazon.nova-lite-v1:0'));
  assert.equal(system.name, 'ValidationException');
});

test('an operation that is not built says so', async () => {
  const missing = await refusal(bedrock.send(new ListGuardrailsCommand({})));
  assert.equal(missing.$metadata.httpStatusCode, 501);
  assert.match(missing.message, /ListGuardrails/);
});

test('models are invoked by an application profile, whose id the metrics have', async () => {
  const { inferenceProfileArn: modelId } = await create('metered', `arn:aws:bedrock:us-east-1:${account}:inference-profile/us.amazon.nova-lite-v1:0`);
  const messages = [{ role: 'user', content: [{ text: 'Copies cost two crowns. What do copies cost?' }] }];
  const { output, usage } = await runtime.send(new ConverseCommand({ modelId, messages }));
  assert.match(output.message.content[0].text, /two crowns/);
  const { inputTokens } = await runtime.send(new CountTokensCommand({ modelId, input: { converse: { messages } } }));
  assert.equal(inputTokens, usage.inputTokens);
  const body = JSON.stringify({ messages });
  const { body: native } = await runtime.send(new InvokeModelCommand({ modelId, body, contentType: 'application/json' }));
  assert.match(JSON.parse(native.transformToString()).output.message.content[0].text, /two crowns/);

  const at = Date.parse((await server.admin('clock', undefined, 'GET')).time);
  await server.admin('clock/advance', { seconds: 120 });
  const cloudwatch = new CloudWatchClient(server.clientConfig());
  const { Datapoints } = await cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/Bedrock',
      MetricName: 'Invocations',
      Dimensions: [{ Name: 'ModelId', Value: modelId.split('/')[1] }],
      StartTime: new Date(at - 3_600_000),
      EndTime: new Date(at + 3_600_000),
      Period: 3600,
      Statistics: ['Sum'],
    }),
  );
  assert.equal(Datapoints.reduce((sum, { Sum }) => sum + Sum, 0), 2);

  const bare = await refusal(runtime.send(new ConverseCommand({ modelId: modelId.split('/')[1], messages })));
  assert.equal(bare.message, 'The provided model identifier is invalid.');
  await remove(modelId);
  const gone = await refusal(runtime.send(new ConverseCommand({ modelId, messages })));
  assert.equal(gone.name, 'ResourceNotFoundException');
});

test('a reset forgets profiles', async () => {
  const { inferenceProfileArn } = await create('forgotten');
  await server.admin('reset');
  assert.equal((await refusal(get(inferenceProfileArn))).name, 'ResourceNotFoundException');
});
