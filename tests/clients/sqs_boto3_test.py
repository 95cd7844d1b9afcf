"""SQS through boto3. Debian's (1.26) speaks the query protocol, a newer one JSON: the same test holds for both."""
import hashlib
import json
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

print(f'boto3 {boto3.__version__}, SQS over {boto3.Session().get_available_services() and boto3.client("sqs", region_name="us-east-1", endpoint_url="http://127.0.0.1:1").meta.service_model.metadata["protocol"]}', file=sys.stderr)


class Sqs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Outcrop('--clock', 'manual')
        cls.made = 0

    @classmethod
    def tearDownClass(cls):
        assert cls.server.stop() == 0, ''.join(cls.server.log)

    def setUp(self):
        self.sqs = self.client('sqs')
        self.has_move_tasks = hasattr(self.sqs, 'start_message_move_task')

    def client(self, service, key='test', region='us-east-1'):
        return boto3.client(service, endpoint_url=self.server.endpoint, region_name=region, aws_access_key_id=key, aws_secret_access_key='test',
                            config=Config(retries={'max_attempts': 0}, parameter_validation=False))

    def queue(self, suffix='', **attributes):
        type(self).made += 1
        return self.sqs.create_queue(QueueName=f'q{self.made}{suffix}', Attributes=attributes)['QueueUrl']

    def attributes(self, url, *names):
        return self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names))['Attributes']

    def receive(self, url, **more):
        return self.sqs.receive_message(QueueUrl=url, **{'MaxNumberOfMessages': 10, **more}).get('Messages', [])

    def refused(self, code, call, **arguments):
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        self.assertIn(caught.exception.response['Error']['Code'], (code, f'AWS.SimpleQueueService.{code}'))
        self.assertEqual(caught.exception.response['ResponseMetadata']['HTTPStatusCode'] // 100, 4)
        self.assertTrue(caught.exception.response['ResponseMetadata']['RequestId'])
        return caught.exception

    def test_the_caller_is_the_account_of_its_key(self):
        identity = self.client('sts', key='123456789012').get_caller_identity()
        self.assertEqual((identity['Account'], identity['Arn']), ('123456789012', 'arn:aws:iam::123456789012:root'))

    def test_a_queue_lives(self):
        url = self.queue(VisibilityTimeout='7')
        name = url.rsplit('/', 1)[1]
        self.refused('QueueAlreadyExists', self.sqs.create_queue, QueueName=name, Attributes={'VisibilityTimeout': '8'})
        self.assertEqual(self.sqs.get_queue_url(QueueName=name)['QueueUrl'], url)
        self.assertIn(url, self.sqs.list_queues(QueueNamePrefix=name)['QueueUrls'])
        self.sqs.set_queue_attributes(QueueUrl=url, Attributes={'VisibilityTimeout': '9'})
        self.assertEqual(self.attributes(url, 'VisibilityTimeout'), {'VisibilityTimeout': '9'})
        self.sqs.tag_queue(QueueUrl=url, Tags={'a': '1', 'b': '2'})
        self.sqs.untag_queue(QueueUrl=url, TagKeys=['a'])
        self.assertEqual(self.sqs.list_queue_tags(QueueUrl=url)['Tags'], {'b': '2'})
        self.sqs.delete_queue(QueueUrl=url)
        self.refused('NonExistentQueue', self.sqs.send_message, QueueUrl=url, MessageBody='x')

    def test_pages(self):
        made = sorted(self.sqs.create_queue(QueueName=f'paged-{i}')['QueueUrl'] for i in range(5))
        pages = [page['QueueUrls'] for page in self.sqs.get_paginator('list_queues').paginate(QueueNamePrefix='paged-', PaginationConfig={'PageSize': 2})]
        self.assertEqual([len(page) for page in pages], [2, 2, 1])
        self.assertEqual(sorted(sum(pages, [])), made)

    def test_a_message_keeps_what_it_was_given(self):
        url = self.queue(VisibilityTimeout='30')
        body = 'grüße & <tags> \t "quotes" 😀'
        sent = self.sqs.send_message(QueueUrl=url, MessageBody=body, MessageAttributes={
            'kind': {'DataType': 'String.custom', 'StringValue': 'ü&<>'},
            'raw': {'DataType': 'Binary', 'BinaryValue': bytes(range(256))},
            'count': {'DataType': 'Number', 'StringValue': '-1.5e3'}})
        self.assertEqual(sent['MD5OfMessageBody'], hashlib.md5(body.encode()).hexdigest())
        [got] = self.receive(url, MessageAttributeNames=['All'], AttributeNames=['All'])
        self.assertEqual(got['Body'], body)
        self.assertEqual(got['MessageAttributes']['raw']['BinaryValue'], bytes(range(256)))
        self.assertEqual(got['MessageAttributes']['kind'], {'DataType': 'String.custom', 'StringValue': 'ü&<>'})
        self.assertEqual(got['MD5OfMessageAttributes'], sent['MD5OfMessageAttributes'])
        self.assertEqual(got['Attributes']['ApproximateReceiveCount'], '1')
        self.assertEqual(self.receive(url), [])
        self.sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=got['ReceiptHandle'], VisibilityTimeout=0)
        [again] = self.receive(url)
        self.sqs.delete_message(QueueUrl=url, ReceiptHandle=again['ReceiptHandle'])
        self.server.admin('clock/advance', seconds=60)
        self.assertEqual(self.receive(url), [])

    def test_batches(self):
        url = self.queue()
        sent = self.sqs.send_message_batch(QueueUrl=url, Entries=[{'Id': f'e{i}', 'MessageBody': f'm{i}', **({'DelaySeconds': 901} if i == 4 else {})} for i in range(10)])
        self.assertEqual(len(sent['Successful']), 9)
        self.assertEqual([(f['Id'], f['SenderFault']) for f in sent['Failed']], [('e4', True)])
        got = self.receive(url)
        changed = self.sqs.change_message_visibility_batch(QueueUrl=url, Entries=[{'Id': str(i), 'ReceiptHandle': m['ReceiptHandle'], 'VisibilityTimeout': 60} for i, m in enumerate(got)])
        self.assertEqual(len(changed['Successful']), len(got))
        deleted = self.sqs.delete_message_batch(QueueUrl=url, Entries=[{'Id': str(i), 'ReceiptHandle': m['ReceiptHandle']} for i, m in enumerate(got)])
        self.assertEqual(len(deleted['Successful']), len(got))
        self.refused('EmptyBatchRequest', self.sqs.send_message_batch, QueueUrl=url, Entries=[])
        self.refused('TooManyEntriesInBatchRequest', self.sqs.delete_message_batch, QueueUrl=url, Entries=[{'Id': str(i), 'ReceiptHandle': 'x'} for i in range(11)])
        self.refused('BatchEntryIdsNotDistinct', self.sqs.send_message_batch, QueueUrl=url, Entries=[{'Id': 'a', 'MessageBody': 'x'}] * 2)

    def test_a_fifo_group_keeps_its_order(self):
        url = self.queue('.fifo', FifoQueue='true', ContentBasedDeduplication='true')
        for body in ('a1', 'a2', 'b1', 'a2'):
            self.sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId=body[0])
        first = self.receive(url, MaxNumberOfMessages=1)
        self.assertEqual([m['Body'] for m in first], ['a1'])
        self.assertEqual([m['Body'] for m in self.receive(url)], ['b1'])
        self.sqs.delete_message(QueueUrl=url, ReceiptHandle=first[0]['ReceiptHandle'])
        self.assertEqual([m['Body'] for m in self.receive(url)], ['a2'])

    def test_dead_letters(self):
        dead = self.queue()
        arn = self.attributes(dead, 'QueueArn')['QueueArn']
        url = self.queue(VisibilityTimeout='0', RedrivePolicy=json.dumps({'deadLetterTargetArn': arn, 'maxReceiveCount': '1'}))
        self.assertEqual(self.sqs.list_dead_letter_source_queues(QueueUrl=dead)['queueUrls'], [url])
        self.sqs.send_message(QueueUrl=url, MessageBody='poison')
        self.assertEqual(len(self.receive(url)), 1)
        self.assertEqual(self.receive(url), [])
        self.assertEqual([m['Body'] for m in self.receive(dead, WaitTimeSeconds=5, VisibilityTimeout=0)], ['poison'])
        if not self.has_move_tasks:
            print('boto3 is too old for message move tasks', file=sys.stderr)
            return
        handle = self.sqs.start_message_move_task(SourceArn=arn)['TaskHandle']
        self.assertEqual([m['Body'] for m in self.receive(url, WaitTimeSeconds=20)], ['poison'])
        self.assertEqual(self.sqs.list_message_move_tasks(SourceArn=arn)['Results'][0]['Status'], 'COMPLETED')
        self.refused('ResourceNotFoundException', self.sqs.cancel_message_move_task, TaskHandle=handle)

    def test_purging(self):
        url = self.queue()
        self.sqs.send_message(QueueUrl=url, MessageBody='x')
        self.sqs.purge_queue(QueueUrl=url)
        self.assertEqual(self.receive(url), [])
        self.refused('PurgeQueueInProgress', self.sqs.purge_queue, QueueUrl=url)

    def test_permissions(self):
        url = self.queue()
        self.sqs.add_permission(QueueUrl=url, Label='share', AWSAccountIds=['111122223333'], Actions=['SendMessage', 'ReceiveMessage'])
        policy = json.loads(self.attributes(url, 'Policy')['Policy'])
        self.assertEqual(policy['Statement'][0]['Action'], ['SQS:SendMessage', 'SQS:ReceiveMessage'])
        self.sqs.remove_permission(QueueUrl=url, Label='share')
        self.assertNotIn('Policy', self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=['All'])['Attributes'])

    def test_bad_input(self):
        url = self.queue()
        for code, call, arguments in [
            ('InvalidParameterValue', self.sqs.create_queue, {'QueueName': 'no spaces'}),
            ('InvalidAttributeName', self.sqs.create_queue, {'QueueName': 'x', 'Attributes': {'Nonsense': '1'}}),
            ('InvalidParameterValue', self.sqs.receive_message, {'QueueUrl': url, 'MaxNumberOfMessages': 0}),
            ('ReceiptHandleIsInvalid', self.sqs.delete_message, {'QueueUrl': url, 'ReceiptHandle': 'nonsense'}),
            ('NonExistentQueue', self.sqs.get_queue_url, {'QueueName': 'absent'}),
            ('MissingParameter', self.sqs.create_queue, {}),
        ]:
            with self.subTest(code=code, arguments=arguments):
                self.refused(code, call, **arguments)

    def test_each_protocol_has_its_words_for_a_queue_that_does_not_exist(self):
        form = {'Content-Type': 'application/x-www-form-urlencoded'}
        for action in ('GetQueueUrl&QueueName=nowhere', 'SendMessage&MessageBody=x&QueueUrl=http://localhost/000000000000/nowhere'):
            status, _, answer = self.server.request('/', 'POST', f'Action={action}&Version=2012-11-05'.encode(), form)
            self.assertEqual(status, 400, answer)
            self.assertIn(b'<Message>The specified queue does not exist for this wsdl version.</Message><Detail/>', answer)
        json_call = {'Content-Type': 'application/x-amz-json-1.0', 'X-Amz-Target': 'AmazonSQS.GetQueueUrl'}
        status, _, answer = self.server.request('/', 'POST', b'{"QueueName":"nowhere"}', json_call)
        self.assertEqual(json.loads(answer)['message'], 'The specified queue does not exist.')


if __name__ == '__main__':
    unittest.main(verbosity=2)
