"""SQS with enforced identities, through boto3: wrong keys, wrong signatures, and other accounts by queue policy only."""
import json
import os
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

OWNER, OTHER = '111111111111', '222222222222'
SETTINGS = f"""
auth: enforce
credentials:
  - {{access_key_id: AKIAOWNER00000000000, secret_access_key: owner-secret, account: "{OWNER}"}}
  - {{access_key_id: AKIAOTHER00000000000, secret_access_key: other-secret, account: "{OTHER}"}}
"""


class Enforced(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        path = pathlib.Path(cls.folder.name, 'outcrop.yaml')
        path.write_text(SETTINGS)
        os.chmod(path, 0o600)
        cls.server = Outcrop('--config', str(path))
        cls.owner, cls.other = cls.client('AKIAOWNER00000000000', 'owner-secret'), cls.client('AKIAOTHER00000000000', 'other-secret')
        cls.url = cls.owner.create_queue(QueueName='shared')['QueueUrl']

    @classmethod
    def tearDownClass(cls):
        assert cls.server.stop() == 0, ''.join(cls.server.log)
        cls.folder.cleanup()

    @classmethod
    def client(cls, key, secret, service='sqs'):
        return boto3.client(service, endpoint_url=cls.server.endpoint, region_name='us-east-1', aws_access_key_id=key, aws_secret_access_key=secret,
                            config=Config(retries={'max_attempts': 0}))

    def refused(self, codes, call, **arguments):
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        self.assertIn(caught.exception.response['Error']['Code'], codes)

    def test_a_key_is_its_accounts_root(self):
        identity = self.client('AKIAOTHER00000000000', 'other-secret', 'sts').get_caller_identity()
        self.assertEqual((identity['Account'], identity['Arn']), (OTHER, f'arn:aws:iam::{OTHER}:root'))
        self.assertIn(f'/{OWNER}/', self.url)

    def test_an_unknown_key_is_refused(self):
        self.refused(('InvalidClientTokenId', 'UnrecognizedClientException'), self.client('AKIANOBODY0000000000', 'x').list_queues)

    def test_a_wrong_secret_is_refused(self):
        self.refused(('SignatureDoesNotMatch', 'InvalidSignatureException'), self.client('AKIAOWNER00000000000', 'x').list_queues)

    def test_another_account_needs_the_queues_policy(self):
        denied = ('AccessDenied', 'AccessDeniedException', 'AWS.SimpleQueueService.NonExistentQueue')
        self.refused(denied, self.other.send_message, QueueUrl=self.url, MessageBody='no')
        self.owner.add_permission(QueueUrl=self.url, Label='send', AWSAccountIds=[OTHER], Actions=['SendMessage'])
        self.other.send_message(QueueUrl=self.url, MessageBody='yes')
        self.refused(denied, self.other.receive_message, QueueUrl=self.url)
        arn = self.owner.get_queue_attributes(QueueUrl=self.url, AttributeNames=['QueueArn'])['Attributes']['QueueArn']
        deny = {'Version': '2012-10-17', 'Statement': [
            {'Effect': 'Allow', 'Principal': {'AWS': OTHER}, 'Action': 'sqs:*', 'Resource': arn},
            {'Effect': 'Deny', 'Principal': '*', 'Action': 'sqs:SendMessage', 'Resource': arn, 'Condition': {'StringEquals': {'aws:PrincipalAccount': OTHER}}}]}
        self.owner.set_queue_attributes(QueueUrl=self.url, Attributes={'Policy': json.dumps(deny)})
        self.refused(denied, self.other.send_message, QueueUrl=self.url, MessageBody='no more')
        self.assertEqual([m['Body'] for m in self.other.receive_message(QueueUrl=self.url)['Messages']], ['yes'])
        self.owner.send_message(QueueUrl=self.url, MessageBody='its own account may')


if __name__ == '__main__':
    unittest.main(verbosity=2)
