"""SQS through Debian's AWS CLI (2.9), which speaks the query protocol: every operation it knows."""
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.awscli import CliTest, need_debians_cli

need_debians_cli()


class Cli(CliTest):
    def refused(self, text, *words):
        run = self.run_cli(*words)
        self.assertNotEqual(run.returncode, 0, words)
        self.assertIn(text, run.stderr)

    def test_who_am_i(self):
        self.assertEqual(self.aws('sts', 'get-caller-identity')['Account'], '000000000000')

    def test_a_queue_and_its_messages(self):
        url = self.aws('sqs', 'create-queue', '--queue-name', 'cli', '--attributes', 'VisibilityTimeout=30', '--tags', 'team=a')['QueueUrl']
        at = ('--queue-url', url)
        self.assertEqual(self.aws('sqs', 'get-queue-url', '--queue-name', 'cli')['QueueUrl'], url)
        self.assertEqual(self.aws('sqs', 'list-queues', '--queue-name-prefix', 'cli')['QueueUrls'], [url])
        self.aws('sqs', 'tag-queue', *at, '--tags', 'stage=test')
        self.aws('sqs', 'untag-queue', *at, '--tag-keys', 'team')
        self.assertEqual(self.aws('sqs', 'list-queue-tags', *at)['Tags'], {'stage': 'test'})
        sent = self.aws('sqs', 'send-message', *at, '--message-body', 'hallo <&> ü',
                        '--message-attributes', json.dumps({'n': {'DataType': 'Number', 'StringValue': '1'}, 'b': {'DataType': 'Binary', 'BinaryValue': 'AAH/'}}))
        [got] = self.aws('sqs', 'receive-message', *at, '--attribute-names', 'All', '--message-attribute-names', 'All')['Messages']
        self.assertEqual((got['Body'], got['MessageId'], got['MD5OfMessageAttributes']), ('hallo <&> ü', sent['MessageId'], sent['MD5OfMessageAttributes']))
        self.assertEqual(got['MessageAttributes']['b']['BinaryValue'], 'AAH/')
        self.aws('sqs', 'change-message-visibility', *at, '--receipt-handle', got['ReceiptHandle'], '--visibility-timeout', '60')
        self.aws('sqs', 'delete-message', *at, '--receipt-handle', got['ReceiptHandle'])
        entries = json.dumps([{'Id': str(i), 'MessageBody': f'm{i}'} for i in range(3)])
        self.assertEqual(len(self.aws('sqs', 'send-message-batch', *at, '--entries', entries)['Successful']), 3)
        messages = self.aws('sqs', 'receive-message', *at, '--max-number-of-messages', '10')['Messages']
        entries = json.dumps([{'Id': str(i), 'ReceiptHandle': m['ReceiptHandle'], 'VisibilityTimeout': 30} for i, m in enumerate(messages)])
        self.assertEqual(len(self.aws('sqs', 'change-message-visibility-batch', *at, '--entries', entries)['Successful']), len(messages))
        entries = json.dumps([{'Id': str(i), 'ReceiptHandle': m['ReceiptHandle']} for i, m in enumerate(messages)])
        self.assertEqual(len(self.aws('sqs', 'delete-message-batch', *at, '--entries', entries)['Successful']), len(messages))
        self.aws('sqs', 'set-queue-attributes', *at, '--attributes', 'DelaySeconds=3')
        attributes = self.aws('sqs', 'get-queue-attributes', *at, '--attribute-names', 'All')['Attributes']
        self.assertEqual((attributes['DelaySeconds'], attributes['ApproximateNumberOfMessages']), ('3', '0'))
        self.aws('sqs', 'add-permission', *at, '--label', 'share', '--aws-account-ids', '111122223333', '--actions', 'SendMessage')
        self.aws('sqs', 'remove-permission', *at, '--label', 'share')
        self.aws('sqs', 'purge-queue', *at)
        self.refused('PurgeQueueInProgress', 'sqs', 'purge-queue', *at)
        self.aws('sqs', 'delete-queue', *at)
        self.refused('AWS.SimpleQueueService.NonExistentQueue', 'sqs', 'get-queue-url', '--queue-name', 'cli')

    def test_dead_letter_sources(self):
        dead = self.aws('sqs', 'create-queue', '--queue-name', 'dead')['QueueUrl']
        arn = self.aws('sqs', 'get-queue-attributes', '--queue-url', dead, '--attribute-names', 'QueueArn')['Attributes']['QueueArn']
        policy = json.dumps({'RedrivePolicy': json.dumps({'deadLetterTargetArn': arn, 'maxReceiveCount': 5})})
        source = self.aws('sqs', 'create-queue', '--queue-name', 'source', '--attributes', policy)['QueueUrl']
        self.assertEqual(self.aws('sqs', 'list-dead-letter-source-queues', '--queue-url', dead)['queueUrls'], [source])

    def test_errors(self):
        self.refused('InvalidParameterValue', 'sqs', 'create-queue', '--queue-name', 'no spaces')
        self.refused('InvalidAttributeName', 'sqs', 'create-queue', '--queue-name', 'x', '--attributes', 'Nonsense=1')
        self.refused('NonExistentQueue', 'sqs', 'delete-queue', '--queue-url', f'{self.server.endpoint}/000000000000/absent')


if __name__ == '__main__':
    unittest.main(verbosity=2)
