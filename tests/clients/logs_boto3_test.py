"""CloudWatch Logs through boto3: Debian's and, where there is one, a newer one."""
import datetime
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.outcrop import Outcrop, skip

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import ClientError
except ImportError:
    skip(f'{sys.executable} has no boto3')


def server_now_ms(server):
    return int(datetime.datetime.fromisoformat(server.admin('clock', 'GET')['time'].replace('Z', '+00:00')).timestamp() * 1000)


class Logs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Outcrop('--clock', 'manual')
        cls.logs = boto3.client('logs', endpoint_url=cls.server.endpoint, region_name='us-east-1', aws_access_key_id='test', aws_secret_access_key='test',
                                config=Config(retries={'max_attempts': 0}, parameter_validation=False))

    @classmethod
    def tearDownClass(cls):
        assert cls.server.stop() == 0, ''.join(cls.server.log)

    def make(self, group, *streams):
        self.logs.create_log_group(logGroupName=group)
        for stream in streams:
            self.logs.create_log_stream(logGroupName=group, logStreamName=stream)

    def put(self, group, stream, *messages, at=None):
        at = at or server_now_ms(self.server)
        return self.logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=[{'timestamp': at + i, 'message': message} for i, message in enumerate(messages)])

    def test_events_are_written_and_read(self):
        self.make('/aws/lambda/written', '2026/11/26/[$LATEST]one')
        answer = self.put('/aws/lambda/written', '2026/11/26/[$LATEST]one', 'START', 'line ä', 'END')
        self.assertTrue(answer['nextSequenceToken'])
        self.assertNotIn('rejectedLogEventsInfo', answer)
        read = self.logs.get_log_events(logGroupName='/aws/lambda/written', logStreamName='2026/11/26/[$LATEST]one', startFromHead=True)
        self.assertEqual([event['message'] for event in read['events']], ['START', 'line ä', 'END'])
        again = self.logs.get_log_events(logGroupName='/aws/lambda/written', logStreamName='2026/11/26/[$LATEST]one', nextToken=read['nextForwardToken'])
        self.assertEqual(again['nextForwardToken'], read['nextForwardToken'])
        self.assertEqual(again['events'], [])

    def test_the_paginator_of_filtering_sees_every_event_once(self):
        self.make('filtered', 'a', 'b')
        for stream in 'ab':
            self.put('filtered', stream, *(f'{{"stream": "{stream}", "number": {i}}}' for i in range(50)))
        pages = self.logs.get_paginator('filter_log_events').paginate(logGroupName='filtered', filterPattern='{ $.number >= 10 && $.stream = a }', limit=7)
        events = [event for page in pages for event in page['events']]
        self.assertEqual(len(events), 40)
        self.assertEqual(len({event['eventId'] for event in events}), 40)
        self.assertEqual({event['logStreamName'] for event in events}, {'a'})

    def test_groups_and_streams_are_listed(self):
        self.make('listed/one', 'x', 'y')
        self.make('listed/two')
        self.put('listed/one', 'y', 'line')
        pages = self.logs.get_paginator('describe_log_groups').paginate(logGroupNamePrefix='listed/', PaginationConfig={'PageSize': 1})
        groups = [group for page in pages for group in page['logGroups']]
        self.assertEqual([group['logGroupName'] for group in groups], ['listed/one', 'listed/two'])
        self.assertEqual(groups[0]['arn'], 'arn:aws:logs:us-east-1:000000000000:log-group:listed/one:*')
        self.assertEqual(groups[0]['storedBytes'], 4 + 26)
        streams = self.logs.describe_log_streams(logGroupName='listed/one', orderBy='LastEventTime', descending=True)['logStreams']
        self.assertEqual([stream['logStreamName'] for stream in streams], ['y', 'x'])
        self.assertIn('lastEventTimestamp', streams[0])
        self.assertNotIn('lastEventTimestamp', streams[1])

    def test_retention_ends_events(self):
        self.make('kept', 'a')
        self.logs.put_retention_policy(logGroupName='kept', retentionInDays=1)
        self.put('kept', 'a', 'line')
        self.server.admin('clock/advance', seconds=3 * 86_400)
        self.assertEqual(self.logs.filter_log_events(logGroupName='kept')['events'], [])
        group = self.logs.describe_log_groups(logGroupNamePrefix='kept')['logGroups'][0]
        self.assertEqual((group['retentionInDays'], group['storedBytes']), (1, 0))
        self.logs.delete_retention_policy(logGroupName='kept')

    def test_old_events_are_rejected_by_index(self):
        self.make('rejecting', 'a')
        answer = self.put('rejecting', 'a', 'old', at=server_now_ms(self.server) - 15 * 86_400_000)
        self.assertEqual(answer['rejectedLogEventsInfo'], {'tooOldLogEventEndIndex': 1})

    def test_tags(self):
        self.make('tagged')
        arn = 'arn:aws:logs:us-east-1:000000000000:log-group:tagged'
        self.logs.tag_log_group(logGroupName='tagged', tags={'team': 'a', 'stage': 'test'})
        self.logs.untag_log_group(logGroupName='tagged', tags=['stage'])
        self.assertEqual(self.logs.list_tags_log_group(logGroupName='tagged')['tags'], {'team': 'a'})
        if hasattr(self.logs, 'tag_resource'):
            self.logs.tag_resource(resourceArn=arn, tags={'more': 'b'})
            self.assertEqual(self.logs.list_tags_for_resource(resourceArn=arn)['tags'], {'team': 'a', 'more': 'b'})

    def test_errors_are_typed_and_in_awss_words(self):
        with self.assertRaises(self.logs.exceptions.ResourceNotFoundException) as caught:
            self.put('nowhere', 'a', 'line')
        self.assertEqual(caught.exception.response['Error']['Message'], 'The specified log group does not exist.')
        self.make('twice')
        with self.assertRaises(self.logs.exceptions.ResourceAlreadyExistsException):
            self.make('twice')
        with self.assertRaises(self.logs.exceptions.InvalidParameterException) as caught:
            self.logs.filter_log_events(logGroupName='twice', filterPattern='a.b')
        self.assertEqual(caught.exception.response['Error']['Message'], "Invalid character(s) in term 'a.b'")
        with self.assertRaises(self.logs.exceptions.InvalidParameterException) as caught:
            self.logs.create_log_group(logGroupName='a b')
        self.assertIn("at 'logGroupName' failed to satisfy constraint", caught.exception.response['Error']['Message'])
        with self.assertRaises(ClientError) as caught:
            self.logs.start_query(logGroupName='twice', startTime=0, endTime=1, queryString='fields @message')
        self.assertIn('StartQuery', caught.exception.response['Error']['Message'])

    def test_deleting(self):
        self.make('deleted', 'a')
        self.put('deleted', 'a', 'line')
        self.logs.delete_log_stream(logGroupName='deleted', logStreamName='a')
        self.assertEqual(self.logs.filter_log_events(logGroupName='deleted')['events'], [])
        self.logs.delete_log_group(logGroupName='deleted')
        with self.assertRaises(self.logs.exceptions.ResourceNotFoundException):
            self.logs.describe_log_streams(logGroupName='deleted')

    def test_a_live_tail_tells_what_is_written(self):
        if not hasattr(self.logs, 'start_live_tail'):
            self.skipTest('this boto3 does not know StartLiveTail')
        logs = boto3.client('logs', endpoint_url=self.server.endpoint, region_name='us-east-1', aws_access_key_id='test', aws_secret_access_key='test',
                            config=Config(inject_host_prefix=False))
        self.make('followed', 'a')
        stream = logs.start_live_tail(logGroupIdentifiers=['arn:aws:logs:us-east-1:000000000000:log-group:followed'])['responseStream']
        events = iter(stream)
        self.assertIn('sessionStart', next(events))
        self.put('followed', 'a', 'one', 'two')
        results = next(results for results in (event['sessionUpdate']['sessionResults'] for event in events) if results)
        self.assertEqual([result['message'] for result in results], ['one', 'two'])
        stream.close()

    def test_a_reset_forgets_everything(self):
        server = Outcrop()
        logs = boto3.client('logs', endpoint_url=server.endpoint, region_name='us-east-1', aws_access_key_id='test', aws_secret_access_key='test')
        logs.create_log_group(logGroupName='app')
        server.admin('reset')
        self.assertEqual(logs.describe_log_groups()['logGroups'], [])
        logs.create_log_group(logGroupName='app')
        assert server.stop() == 0, ''.join(server.log)


if __name__ == '__main__':
    unittest.main()
