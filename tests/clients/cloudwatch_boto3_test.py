"""CloudWatch through boto3. Debian's (1.26) speaks the query protocol, a newer one CBOR: the same test holds for both."""
import datetime
import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.outcrop import Outcrop, skip

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import ClientError
except ImportError:
    skip(f'{sys.executable} has no boto3')


def client(server):
    return boto3.client('cloudwatch', endpoint_url=server.endpoint, region_name='us-east-1', aws_access_key_id='test', aws_secret_access_key='test',
                        config=Config(retries={'max_attempts': 0}, parameter_validation=False))


def server_now(server):
    return datetime.datetime.fromisoformat(server.admin('clock', 'GET')['time'].replace('Z', '+00:00'))


class Cloudwatch(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Outcrop('--clock', 'manual')
        cls.cloudwatch = client(cls.server)
        metadata = cls.cloudwatch.meta.service_model.metadata
        print(f'boto3 {boto3.__version__}, CloudWatch over {metadata.get("protocols", metadata["protocol"])}', file=sys.stderr)

    @classmethod
    def tearDownClass(cls):
        assert cls.server.stop() == 0, ''.join(cls.server.log)

    def put(self, namespace, *data):
        self.cloudwatch.put_metric_data(Namespace=namespace, MetricData=list(data))

    def span(self, **before):
        now = server_now(self.server)
        return {'StartTime': now - datetime.timedelta(**(before or {'hours': 1})), 'EndTime': now + datetime.timedelta(minutes=1)}

    def values(self, namespace, name, stat='Sum', period=60, dimensions=(), **before):
        query = {'Id': 'm1', 'MetricStat': {'Metric': {'Namespace': namespace, 'MetricName': name, 'Dimensions': list(dimensions)}, 'Period': period, 'Stat': stat}}
        return self.cloudwatch.get_metric_data(MetricDataQueries=[query], ScanBy='TimestampAscending', **self.span(**before))['MetricDataResults'][0]['Values']

    def refused(self, code, call, **arguments):
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        error = caught.exception.response
        self.assertIn(error['Error']['Code'], (code, code + 'Exception'))
        self.assertTrue(error['ResponseMetadata']['RequestId'])
        return error['Error']['Message']

    def test_values_are_put_and_read(self):
        dimensions = [{'Name': 'Host', 'Value': 'ü <&>'}]
        self.put('App', {'MetricName': 'm', 'Value': 1.5, 'Dimensions': dimensions}, {'MetricName': 'm', 'Values': [2.0, 4.0], 'Counts': [3.0, 1.0], 'Dimensions': dimensions},
                 {'MetricName': 'm', 'StatisticValues': {'SampleCount': 2, 'Sum': 7, 'Minimum': 3, 'Maximum': 4}, 'Dimensions': dimensions})
        self.assertEqual(self.values('App', 'm', dimensions=dimensions), [18.5])
        self.assertEqual(self.values('App', 'm', 'SampleCount', dimensions=dimensions), [7.0])
        [point] = self.cloudwatch.get_metric_statistics(Namespace='App', MetricName='m', Dimensions=dimensions, Period=300, Statistics=['Minimum', 'Maximum'], **self.span())['Datapoints']
        self.assertEqual((point['Minimum'], point['Maximum'], point['Unit']), (1.5, 4.0, 'None'))
        self.assertEqual(self.cloudwatch.list_metrics(Namespace='App')['Metrics'], [{'Namespace': 'App', 'MetricName': 'm', 'Dimensions': dimensions}])

    def test_percentiles_and_trimmed_means(self):
        self.put('Distribution', {'MetricName': 'm', 'Values': [float(i) for i in range(1, 101)]})
        for stat, value in (('p99', 99), ('p50', 50), ('tm90', 45.5), ('TC(:30)', 30), ('PR(:30)', 30), ('IQM', 50.5)):
            self.assertEqual(self.values('Distribution', 'm', stat), [value], stat)

    def test_pages(self):
        for i in range(3):
            self.put('Paged', *[{'MetricName': f'm{i}-{j}', 'Value': 1} for j in range(400)])
        pages = list(self.cloudwatch.get_paginator('list_metrics').paginate(Namespace='Paged'))
        self.assertEqual(sum(len(page['Metrics']) for page in pages), 1200)
        queries = [{'Id': f'm{i}', 'MetricStat': {'Metric': {'Namespace': 'Paged', 'MetricName': f'm0-{i}'}, 'Period': 60, 'Stat': 'Sum'}} for i in range(10)]
        pages = list(self.cloudwatch.get_paginator('get_metric_data').paginate(MetricDataQueries=queries, MaxDatapoints=4, **self.span()))
        self.assertEqual([sum(len(result['Values']) for result in page['MetricDataResults']) for page in pages], [4, 4, 2])

    def test_an_alarm_goes_through_all_states(self):
        self.cloudwatch.put_metric_alarm(AlarmName='a', Namespace='Alarmed', MetricName='errors', Statistic='Sum', Period=60, EvaluationPeriods=3, DatapointsToAlarm=2, Threshold=5,
                                         ComparisonOperator='GreaterThanOrEqualToThreshold', TreatMissingData='notBreaching', Tags=[{'Key': 'k', 'Value': 'v'}])

        def shown():
            return self.cloudwatch.describe_alarms(AlarmNames=['a'])['MetricAlarms'][0]

        self.assertEqual(shown()['StateValue'], 'INSUFFICIENT_DATA')
        self.server.admin('clock/advance', seconds=65)
        self.assertEqual(shown()['StateValue'], 'OK')
        self.assertEqual(shown()['StateReason'], 'Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [NonBreaching].')
        for _ in range(2):
            self.put('Alarmed', {'MetricName': 'errors', 'Value': 10})
            self.server.admin('clock/advance', seconds=60)
        self.server.admin('clock/advance', seconds=5)
        self.assertEqual(shown()['StateValue'], 'ALARM')
        self.server.admin('clock/advance', seconds=600)
        self.assertEqual(shown()['StateValue'], 'OK')
        types = [item['HistoryItemType'] for item in self.cloudwatch.describe_alarm_history(AlarmName='a')['AlarmHistoryItems']]
        self.assertEqual(types, ['StateUpdate', 'StateUpdate', 'StateUpdate', 'ConfigurationUpdate'])
        arn = shown()['AlarmArn']
        self.assertEqual(self.cloudwatch.list_tags_for_resource(ResourceARN=arn)['Tags'], [{'Key': 'k', 'Value': 'v'}])
        self.cloudwatch.delete_alarms(AlarmNames=['a'])
        self.assertEqual(self.cloudwatch.describe_alarms()['MetricAlarms'], [])

    def test_data_ages(self):
        self.put('Aging', {'MetricName': 'm', 'Value': 1})
        self.server.admin('clock/advance', seconds=16 * 86400)
        self.assertEqual(self.values('Aging', 'm', period=60, days=20), [])
        self.assertEqual(self.values('Aging', 'm', period=300, days=20), [1.0])
        self.server.admin('clock/advance', seconds=60 * 86400)
        self.assertEqual(self.values('Aging', 'm', period=300, days=90), [])
        self.assertEqual(self.values('Aging', 'm', period=3600, days=90), [1.0])

    def test_errors(self):
        self.assertEqual(self.refused('InvalidParameterValue', self.cloudwatch.put_metric_data, Namespace='AWS/EC2', MetricData=[{'MetricName': 'm', 'Value': 1}]),
                         'The value AWS/ for parameter Namespace is invalid.')
        self.assertEqual(self.refused('MissingParameter', self.cloudwatch.put_metric_data, Namespace='App', MetricData=[{'MetricName': 'm'}]),
                         'The parameter MetricData.member.1.Value is required.')
        self.refused('ResourceNotFound', self.cloudwatch.set_alarm_state, AlarmName='none', StateValue='OK', StateReason='x')
        self.assertIn('1 validation error detected', self.refused('ValidationError', self.cloudwatch.set_alarm_state, AlarmName='none', StateValue='BAD', StateReason='x'))
        self.refused('InvalidParameterCombination', self.cloudwatch.get_metric_statistics, Namespace='App', MetricName='m', Period=60, Statistics=['Sum'], **self.span(days=13))
        self.refused('InvalidNextToken', self.cloudwatch.describe_alarms, NextToken='!')


class Surviving(unittest.TestCase):
    def test_metrics_and_alarms_survive_a_killed_server(self):
        with tempfile.TemporaryDirectory() as folder, Outcrop('--clock', 'manual', data=folder) as server:
            cloudwatch = client(server)
            cloudwatch.put_metric_alarm(AlarmName='a', Namespace='App', MetricName='m', Statistic='Sum', Period=60, EvaluationPeriods=1, Threshold=5, ComparisonOperator='GreaterThanThreshold')
            cloudwatch.put_metric_data(Namespace='App', MetricData=[{'MetricName': 'm', 'Value': 4}])
            server.kill()
            server.start()
            cloudwatch = client(server)
            cloudwatch.put_metric_data(Namespace='App', MetricData=[{'MetricName': 'm', 'Value': 4}])
            server.admin('clock/advance', seconds=65)
            [alarm] = cloudwatch.describe_alarms()['MetricAlarms']
            self.assertEqual(alarm['StateValue'], 'ALARM')
            self.assertEqual(json.loads(alarm['StateReasonData'])['recentDatapoints'], [8.0])
            self.assertEqual(server.stop(), 0)


if __name__ == '__main__':
    unittest.main()
