// CloudWatch through the AWS SDK for JavaScript v3, which speaks JSON to it: every operation, errors included, and an alarm through all of its states.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as sdk from '@aws-sdk/client-cloudwatch';
import { Outcrop, refusal } from '../support/outcrop.mjs';

let server, cloudwatch;
before(async () => {
  server = await Outcrop.start('--clock', 'manual');
  cloudwatch = new sdk.CloudWatchClient(server.clientConfig());
});
after(async () => {
  cloudwatch.destroy();
  assert.equal(await server.stop(), 0, server.log);
});

const send = (name, input = {}) => cloudwatch.send(new sdk[`${name}Command`](input));
const advance = (seconds) => server.admin('clock/advance', { seconds });
// The server's own time: its answers say it.
const now = async () => new Date((await server.admin('clock', undefined, 'GET')).time);
const put = (Namespace, ...MetricData) => send('PutMetricData', { Namespace, MetricData });
const query = (Namespace, MetricName, more = {}) => ({ Id: 'm1', MetricStat: { Metric: { Namespace, MetricName }, Period: 60, Stat: 'Sum', ...more } });
const data = async (...MetricDataQueries) => {
  const at = (await now()).getTime();
  return (await send('GetMetricData', { MetricDataQueries, StartTime: new Date(at - 3_600_000), EndTime: new Date(at + 60_000) })).MetricDataResults;
};

test('values are put, read and listed', async () => {
  const Dimensions = [{ Name: 'Host', Value: 'a' }];
  await put('App', { MetricName: 'latency', Value: 1.5, Unit: 'Milliseconds', Dimensions }, { MetricName: 'latency', Values: [2, 4], Counts: [3, 1], Unit: 'Milliseconds', Dimensions });
  const asked = query('App', 'latency');
  asked.MetricStat.Metric.Dimensions = Dimensions;
  const [result] = await data(asked);
  assert.deepEqual(result.Values, [11.5]);
  assert.equal(result.Label, 'latency');
  assert.equal(result.StatusCode, 'Complete');
  assert.ok(result.Timestamps[0] instanceof Date);
  const at = (await now()).getTime();
  const span = { StartTime: new Date(at - 3_600_000), EndTime: new Date(at + 60_000) };
  const { Datapoints } = await send('GetMetricStatistics', { Namespace: 'App', MetricName: 'latency', Dimensions, Period: 3600, ...span, Statistics: ['Average', 'Maximum', 'SampleCount'] });
  assert.deepEqual(Datapoints.map(({ Average, Maximum, SampleCount, Unit }) => ({ Average, Maximum, SampleCount, Unit })), [{ Average: 2.3, Maximum: 4, SampleCount: 5, Unit: 'Milliseconds' }]);
  const extended = await send('GetMetricStatistics', { Namespace: 'App', MetricName: 'latency', Dimensions, Period: 3600, ...span, ExtendedStatistics: ['p90'] });
  assert.deepEqual(extended.Datapoints[0].ExtendedStatistics, { p90: 4 });
  assert.deepEqual((await send('ListMetrics', { Namespace: 'App', Dimensions: [{ Name: 'Host' }] })).Metrics, [{ Namespace: 'App', MetricName: 'latency', Dimensions }]);
});

test('a large request comes compressed', async () => {
  const encodings = [];
  const note = (next) => (call) => {
    encodings.push(call.request.headers['content-encoding']);
    return next(call);
  };
  cloudwatch.middlewareStack.add(note, { step: 'finalizeRequest', name: 'note' });
  await put('Large', ...Array.from({ length: 600 }, (_, i) => ({ MetricName: 'count', Value: 1, Dimensions: [{ Name: 'Index', Value: `a rather long value ${i % 3}` }] })));
  cloudwatch.middlewareStack.remove('note');
  assert.deepEqual(encodings, ['gzip']);
  const metrics = (await send('ListMetrics', { Namespace: 'Large' })).Metrics;
  assert.equal(metrics.length, 3);
});

test('expressions are computed', async () => {
  await put('Math', { MetricName: 'errors', Value: 1 }, { MetricName: 'requests', Value: 4 });
  const results = await data({ ...query('Math', 'errors'), Id: 'errors', ReturnData: false }, { ...query('Math', 'requests'), Id: 'requests', ReturnData: false }, { Id: 'rate', Expression: '100*errors/requests', Label: 'Error rate' });
  assert.deepEqual(results.map(({ Id, Label, Values }) => ({ Id, Label, Values })), [{ Id: 'rate', Label: 'Error rate', Values: [25] }]);
  const refused = await refusal(data({ Id: 'e', Expression: "SEARCH('{Math} errors', 'Sum')" }));
  assert.equal(refused.Code, 'ValidationError');
  assert.match(refused.message, /Function 'SEARCH' is not supported/);
});

test('an alarm goes through all states as the clock goes on', async () => {
  const AlarmName = 'errors are many';
  const alarm = { AlarmName, Namespace: 'Alarmed', MetricName: 'errors', Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, Threshold: 5, ComparisonOperator: 'GreaterThanThreshold' };
  await send('PutMetricAlarm', { ...alarm, AlarmActions: ['arn:aws:sns:us-east-1:000000000000:nobody'], Tags: [{ Key: 'team', Value: 'a' }] });
  const shown = async () => (await send('DescribeAlarms', { AlarmNames: [AlarmName] })).MetricAlarms[0];
  const arn = (await shown()).AlarmArn;
  assert.equal(arn, `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${AlarmName}`);
  assert.equal((await shown()).StateValue, 'INSUFFICIENT_DATA');
  await put('Alarmed', { MetricName: 'errors', Value: 1 });
  await advance(65);
  assert.equal((await shown()).StateValue, 'OK');
  await put('Alarmed', { MetricName: 'errors', Value: 10 });
  await advance(65);
  const alarming = await shown();
  assert.equal(alarming.StateValue, 'ALARM');
  assert.match(alarming.StateReason, /^Threshold Crossed: 1 datapoint \[10\.0 \(.*\)\] was greater than the threshold \(5\.0\)\.$/);
  assert.deepEqual(JSON.parse(alarming.StateReasonData).recentDatapoints, [10]);
  await advance(600);
  assert.equal((await shown()).StateValue, 'INSUFFICIENT_DATA');
  const history = (await send('DescribeAlarmHistory', { AlarmName, ScanBy: 'TimestampAscending' })).AlarmHistoryItems;
  assert.deepEqual(history.map(({ HistoryItemType }) => HistoryItemType), ['ConfigurationUpdate', 'StateUpdate', 'StateUpdate', 'Action', 'StateUpdate']);
  assert.match(history[3].HistorySummary, /^Failed to execute action arn:aws:sns/);
  assert.equal(JSON.parse(history[2].HistoryData).newState.stateValue, 'ALARM');
  assert.deepEqual((await send('DescribeAlarmsForMetric', { Namespace: 'Alarmed', MetricName: 'errors' })).MetricAlarms.map((each) => each.AlarmName), [AlarmName]);
  await send('TagResource', { ResourceARN: arn, Tags: [{ Key: 'stage', Value: 'test' }] });
  await send('UntagResource', { ResourceARN: arn, TagKeys: ['team'] });
  assert.deepEqual((await send('ListTagsForResource', { ResourceARN: arn })).Tags, [{ Key: 'stage', Value: 'test' }]);
  await send('DisableAlarmActions', { AlarmNames: [AlarmName] });
  assert.equal((await shown()).ActionsEnabled, false);
  await send('EnableAlarmActions', { AlarmNames: [AlarmName] });
  assert.equal((await shown()).ActionsEnabled, true);
  await send('SetAlarmState', { AlarmName, StateValue: 'ALARM', StateReason: 'testing' });
  assert.equal((await shown()).StateReason, 'testing');
  await send('DeleteAlarms', { AlarmNames: [AlarmName] });
  assert.deepEqual((await send('DescribeAlarms', {})).MetricAlarms, []);
});

test('errors have their names and words', async () => {
  const notFound = await refusal(send('SetAlarmState', { AlarmName: 'none', StateValue: 'OK', StateReason: 'x' }));
  assert.equal(notFound.name, 'ResourceNotFound');
  assert.equal(notFound.$metadata.httpStatusCode, 404);
  const invalid = await refusal(send('SetAlarmState', { AlarmName: 'none', StateValue: 'INVALID', StateReason: 'x' }));
  assert.equal(invalid.Code, 'ValidationError');
  assert.match(invalid.message, /^1 validation error detected: Value 'INVALID' at 'stateValue' failed to satisfy constraint: Member must satisfy enum value set/);
  const unit = await refusal(put('App', { MetricName: 'm', Value: 1, Unit: 'Furlongs' }));
  assert.match(unit.name, /^InvalidParameterValue/);
  assert.match(unit.message, /^The parameter MetricData\.member\.1\.Unit must be a value in the set \[ Seconds, /);
  const reserved = await refusal(put('AWS/EC2', { MetricName: 'm', Value: 1 }));
  assert.equal(reserved.message, 'The value AWS/ for parameter Namespace is invalid.');
  const anomaly = await refusal(send('PutMetricAlarm', { AlarmName: 'a', Namespace: 'App', MetricName: 'm', Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, ThresholdMetricId: 'x', ComparisonOperator: 'GreaterThanUpperThreshold' }));
  assert.equal(anomaly.Code, 'ValidationError');
  const composite = await refusal(send('PutCompositeAlarm', { AlarmName: 'a', AlarmRule: 'TRUE' }));
  assert.match(composite.message, /PutCompositeAlarm/);
});
