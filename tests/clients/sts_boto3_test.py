"""STS through boto3, identities enforced: temporary credentials call SQS until they end, presigned and federated ones included."""
import json
import os
import pathlib
import sys
import tempfile
import unittest
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.outcrop import Outcrop, skip

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import ClientError
except ImportError:
    skip(f'{sys.executable} has no boto3')

ACCOUNT = '123456789012'
ROLE = f'arn:aws:iam::{ACCOUNT}:role/team/worker'
CONFIGURATION = f"""
credentials:
  - {{access_key_id: AKIAALICEALICEALICE1, secret_access_key: alices-secret, account: "{ACCOUNT}"}}
"""


class Sts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.file = os.path.join(cls.folder.name, 'outcrop.yaml')
        with open(os.open(cls.file, os.O_CREAT | os.O_WRONLY, 0o600), 'w') as file:
            file.write(CONFIGURATION)
        cls.data = os.path.join(cls.folder.name, 'data')
        cls.start()

    @classmethod
    def start(cls):
        cls.server = Outcrop('--auth', 'enforce', '--clock', 'manual', '--config', cls.file, data=cls.data)

    @classmethod
    def tearDownClass(cls):
        assert cls.server.stop() == 0, ''.join(cls.server.log)
        cls.folder.cleanup()

    def client(self, service, credentials=None):
        keys = {'AccessKeyId': 'AKIAALICEALICEALICE1', 'SecretAccessKey': 'alices-secret', **(credentials or {})}
        return boto3.client(service, endpoint_url=self.server.endpoint, region_name='us-east-1', aws_access_key_id=keys['AccessKeyId'],
                            aws_secret_access_key=keys['SecretAccessKey'], aws_session_token=keys.get('SessionToken'),
                            config=Config(retries={'max_attempts': 0}))

    def advance(self, seconds):
        alice = boto3.Session(aws_access_key_id='AKIAALICEALICEALICE1', aws_secret_access_key='alices-secret').get_credentials()
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest
        body = json.dumps({'seconds': seconds})
        request = AWSRequest('POST', f'{self.server.endpoint}/_outcrop/clock/advance', data=body)
        SigV4Auth(alice, 'outcrop', 'us-east-1').add_auth(request)
        status, _, answer = self.server.request('/_outcrop/clock/advance', 'POST', body.encode(), dict(request.headers))
        self.assertEqual(status, 200, answer)

    def refused(self, code, call, **arguments):
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        self.assertIn(caught.exception.response['Error']['Code'], (code, f'{code}Exception'))

    def assume(self, **more):
        return self.client('sts').assume_role(RoleArn=ROLE, RoleSessionName='alice', **more)

    def test_a_role_calls_sqs_until_its_session_ends(self):
        answer = self.assume(DurationSeconds=900)
        self.assertEqual(answer['AssumedRoleUser']['Arn'], f'arn:aws:sts::{ACCOUNT}:assumed-role/worker/alice')
        credentials = answer['Credentials']
        self.assertEqual(self.client('sts', credentials).get_caller_identity()['Arn'], answer['AssumedRoleUser']['Arn'])
        sqs = self.client('sqs', credentials)
        url = sqs.create_queue(QueueName='work')['QueueUrl']
        sqs.send_message(QueueUrl=url, MessageBody='hello')
        self.assertEqual(sqs.receive_message(QueueUrl=url)['Messages'][0]['Body'], 'hello')
        self.advance(901)
        self.refused('ExpiredToken', sqs.send_message, QueueUrl=url, MessageBody='late')
        self.refused('ExpiredToken', self.client('sts', credentials).get_caller_identity)

    def test_sessions_outlive_a_restart(self):
        credentials = self.assume()['Credentials']
        self.assertEqual(self.server.stop(), 0)
        self.start()
        self.assertTrue(self.client('sts', credentials).get_caller_identity()['Arn'].endswith('/worker/alice'))

    def test_a_wrong_secret_or_token_is_refused(self):
        credentials = self.assume()['Credentials']
        self.refused('SignatureDoesNotMatch', self.client('sts', {**credentials, 'SecretAccessKey': 'guessed'}).get_caller_identity)
        self.refused('InvalidClientTokenId', self.client('sts', {**credentials, 'SessionToken': 'x'}).get_caller_identity)

    def test_session_policies_bound_a_session(self):
        self.client('sqs').create_queue(QueueName='bounded')
        policy = {'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Action': ['sqs:GetQueueUrl', 'sqs:ReceiveMessage'], 'Resource': '*'}]}
        for credentials in (self.assume(Policy=json.dumps(policy))['Credentials'],
                            self.client('sts').get_federation_token(Name='carol', Policy=json.dumps(policy))['Credentials']):
            sqs = self.client('sqs', credentials)
            url = sqs.get_queue_url(QueueName='bounded')['QueueUrl']
            sqs.receive_message(QueueUrl=url)
            self.refused('AccessDenied', sqs.send_message, QueueUrl=url, MessageBody='x')
        nothing = self.client('sts').get_federation_token(Name='dave')['Credentials']
        self.refused('AccessDenied', self.client('sqs', nothing).receive_message, QueueUrl=url)

    def test_a_session_of_the_caller_itself(self):
        credentials = self.client('sts').get_session_token()['Credentials']
        self.assertEqual(self.client('sts', credentials).get_caller_identity()['Arn'], f'arn:aws:iam::{ACCOUNT}:root')
        self.assertEqual(self.client('sts').get_access_key_info(AccessKeyId=credentials['AccessKeyId'])['Account'], ACCOUNT)

    def test_presigned_calls(self):
        for credentials in (None, self.assume()['Credentials']):
            url = self.client('sts', credentials).generate_presigned_url('get_caller_identity', ExpiresIn=60, HttpMethod='GET')
            with urllib.request.urlopen(url, timeout=30) as answer:
                self.assertIn(f'<Account>{ACCOUNT}</Account>', answer.read().decode())
            with self.assertRaises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(url.replace('X-Amz-Expires=60', 'X-Amz-Expires=61'), timeout=30)
            self.assertEqual(refused.exception.code, 403)
            refused.exception.close()


if __name__ == '__main__':
    unittest.main()
