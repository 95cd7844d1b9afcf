// Service Quotas through the AWS SDK for JavaScript v3: what is raised lets Bedrock's requests pass, and `outcrop quota` shows it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import * as sdk from '@aws-sdk/client-service-quotas';
import { Outcrop, refusal } from '../support/outcrop.mjs';

const run = promisify(execFile);
const ServiceCode = 'bedrock';
const liteTokens = 'On-demand model inference tokens per minute for Amazon Nova Lite';
const modelId = 'amazon.nova-lite-v1:0';

let server, quotas, bedrock;
before(async () => {
  server = await Outcrop.start('--clock', 'manual');
  const config = server.clientConfig({ region: 'ap-northeast-1' });
  quotas = new sdk.ServiceQuotasClient(config);
  bedrock = new BedrockRuntimeClient(config);
});
after(async () => assert.equal(await server.stop(), 0, server.log));

async function all(paginate, input, member) {
  const found = [];
  for await (const page of paginate({ client: quotas }, input)) found.push(...page[member]);
  return found;
}
const bedrockQuotas = () => all(sdk.paginateListServiceQuotas, { ServiceCode }, 'Quotas');
const quotaNamed = async (name) => (await bedrockQuotas()).find((quota) => quota.QuotaName === name);
const usage = async () => (await server.admin('quotas', undefined, 'GET')).quotas;
const tokensOf = async (model) => (await usage()).find((quota) => quota.model === model && quota.quota === 'tokens per minute');
// A tenth of a minute's tokens and a little more, which are charged because they are input.
const longQuestion = { modelId, messages: [{ role: 'user', content: [{ text: 'The archive opens at nine. '.repeat(16_000) }] }], inferenceConfig: { maxTokens: 10 } };

test('services and their quotas, page by page', async () => {
  assert.deepEqual(await all(sdk.paginateListServices, {}, 'Services'), [{ ServiceCode: 'apigateway', ServiceName: 'Amazon API Gateway' }, { ServiceCode, ServiceName: 'Amazon Bedrock' }, { ServiceCode: 'lambda', ServiceName: 'AWS Lambda' }]);
  const found = await bedrockQuotas();
  assert.ok(found.length > 100, 'more than a page');
  assert.equal(new Set(found.map((quota) => quota.QuotaCode)).size, found.length);
  const defaults = await all(sdk.paginateListAWSDefaultServiceQuotas, { ServiceCode }, 'Quotas');
  assert.deepEqual(defaults.map((quota) => quota.Value), found.map((quota) => quota.Value));
});

test('a quota as AWS shows it', async () => {
  const { QuotaCode } = await quotaNamed(liteTokens);
  const { Quota } = await quotas.send(new sdk.GetServiceQuotaCommand({ ServiceCode, QuotaCode }));
  assert.deepEqual(Quota, {
    ServiceCode,
    ServiceName: 'Amazon Bedrock',
    QuotaArn: `arn:aws:servicequotas:ap-northeast-1:000000000000:bedrock/${QuotaCode}`,
    QuotaCode,
    QuotaName: liteTokens,
    Value: 200_000,
    Unit: 'None',
    Adjustable: true,
    GlobalQuota: false,
    Period: { PeriodValue: 1, PeriodUnit: 'MINUTE' },
    QuotaAppliedAtLevel: 'ACCOUNT',
  });
});

test('a throttled request passes once its tokens a minute are raised', async () => {
  const { QuotaCode, QuotaArn } = await quotaNamed(liteTokens);
  const ask = () => bedrock.send(new ConverseCommand(longQuestion));
  const { usage: first } = await ask();
  assert.ok(first.inputTokens > 66_667 && first.inputTokens < 100_000, `${first.inputTokens}: two pass, and no third`);
  await ask();
  assert.equal((await refusal(ask())).name, 'ThrottlingException');

  const { RequestedQuota } = await quotas.send(new sdk.RequestServiceQuotaIncreaseCommand({ ServiceCode, QuotaCode, DesiredValue: 400_000 }));
  assert.equal(RequestedQuota.Status, 'APPROVED');
  assert.equal(RequestedQuota.QuotaArn, QuotaArn);
  assert.equal((await ask()).usage.inputTokens, first.inputTokens);

  const used = await tokensOf(modelId);
  assert.equal(used.limit, 400_000);
  assert.equal(used.code, QuotaCode);
  assert.ok(used.used >= 3 * first.inputTokens && used.inFlight === 0, JSON.stringify(used));
  const { Quota } = await quotas.send(new sdk.GetAWSDefaultServiceQuotaCommand({ ServiceCode, QuotaCode }));
  assert.equal(Quota.Value, 200_000);
});

test('requests are in the history, and found by their id', async () => {
  const { QuotaCode } = await quotaNamed('Cross-region model inference tokens per minute for Amazon Nova Lite');
  const asked = await quotas.send(new sdk.RequestServiceQuotaIncreaseCommand({ ServiceCode, QuotaCode, DesiredValue: 9e9 }));
  const [newest] = await all(sdk.paginateListRequestedServiceQuotaChangeHistory, { Status: 'APPROVED' }, 'RequestedQuotas');
  assert.deepEqual(newest, asked.RequestedQuota);
  const byQuota = await all(sdk.paginateListRequestedServiceQuotaChangeHistoryByQuota, { ServiceCode, QuotaCode }, 'RequestedQuotas');
  assert.deepEqual(byQuota, [newest]);
  const { RequestedQuota } = await quotas.send(new sdk.GetRequestedServiceQuotaChangeCommand({ RequestId: newest.Id }));
  assert.deepEqual(RequestedQuota, newest);
});

test('what cannot be is refused by its name', async () => {
  const { QuotaCode } = await quotaNamed('Cross-region model inference requests per minute for Amazon Nova Lite');
  const less = await refusal(quotas.send(new sdk.RequestServiceQuotaIncreaseCommand({ ServiceCode, QuotaCode, DesiredValue: 1 })));
  assert.ok(less instanceof sdk.IllegalArgumentException, less);
  const unknown = await refusal(quotas.send(new sdk.GetServiceQuotaCommand({ ServiceCode, QuotaCode: 'L-00000000' })));
  assert.ok(unknown instanceof sdk.NoSuchResourceException, unknown);
  const token = await refusal(quotas.send(new sdk.ListServiceQuotasCommand({ ServiceCode, NextToken: 'abc' })));
  assert.ok(token instanceof sdk.InvalidPaginationTokenException, token);
});

test('tags of a quota that was raised', async () => {
  const { QuotaArn: ResourceARN } = await quotaNamed(liteTokens);
  const tags = async () => (await quotas.send(new sdk.ListTagsForResourceCommand({ ResourceARN }))).Tags;
  await quotas.send(new sdk.TagResourceCommand({ ResourceARN, Tags: [{ Key: 'team', Value: 'a' }, { Key: 'stage', Value: 'test' }] }));
  await quotas.send(new sdk.UntagResourceCommand({ ResourceARN, TagKeys: ['team'] }));
  assert.deepEqual(await tags(), [{ Key: 'stage', Value: 'test' }]);
});

test('outcrop quota prints what is used', async () => {
  const { stdout } = await run(process.env.OUTCROP_BIN, ['quota', '--endpoint', server.endpoint]);
  assert.match(stdout, /^ACCOUNT .* FORECAST$/m);
  assert.match(stdout, new RegExp(`^000000000000  ap-northeast-1  ${modelId}  on-demand  tokens per minute .* 400,000 `, 'm'));
  const json = await run(process.env.OUTCROP_BIN, ['quota', '--json'], { env: { ...process.env, AWS_ENDPOINT_URL: server.endpoint } });
  assert.deepEqual(JSON.parse(json.stdout).quotas, await usage());
});

test('a reset brings the defaults back', async () => {
  await server.admin('reset');
  assert.equal((await tokensOf(modelId)).used, 0);
  assert.equal((await quotaNamed(liteTokens)).Value, 200_000);
  assert.deepEqual(await all(sdk.paginateListRequestedServiceQuotaChangeHistory, {}, 'RequestedQuotas'), []);
});
