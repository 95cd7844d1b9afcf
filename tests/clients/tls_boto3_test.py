"""boto3 over https, with what the server says is to be trusted."""
import os
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.outcrop import Outcrop, skip

try:
    import boto3
    import botocore.config
    import botocore.exceptions
except ImportError as problem:
    skip(f'no boto3: {problem}')


class Boto3(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.data = tempfile.TemporaryDirectory()
        cls.server = Outcrop(data=cls.data.name)
        cls.authority = str(pathlib.Path(cls.data.name) / 'tls' / 'ca.pem')

    @classmethod
    def tearDownClass(cls):
        assert cls.server.stop() == 0, ''.join(cls.server.log)
        cls.data.cleanup()

    def client(self, host='127.0.0.1', **more):
        endpoint = self.server.endpoint.replace('http://127.0.0.1', f'https://{host}')
        config = botocore.config.Config(retries={'total_max_attempts': 1}, proxies={})
        client = boto3.client('sqs', endpoint_url=endpoint, region_name='us-east-1', aws_access_key_id='test', aws_secret_access_key='test',
                              config=config, **more)
        self.addCleanup(client.close)
        return client

    def test_a_round_trip_by_address_and_by_name(self):
        for host in ('127.0.0.1', 'localhost'):
            sqs = self.client(host, verify=self.authority)
            url = sqs.create_queue(QueueName='by-' + host.replace('.', '-'))['QueueUrl']
            self.assertTrue(url.startswith(f'https://{host}:'), url)
            body = 'x' * 200_000
            sqs.send_message(QueueUrl=url, MessageBody=body)
            self.assertEqual(sqs.receive_message(QueueUrl=url)['Messages'][0]['Body'], body)

    def test_the_bundle_of_the_environment(self):
        os.environ['AWS_CA_BUNDLE'] = self.authority
        self.addCleanup(os.environ.pop, 'AWS_CA_BUNDLE')
        self.assertEqual(self.client().list_queues()['ResponseMetadata']['HTTPStatusCode'], 200)

    def test_who_does_not_trust_it_does_not_talk_to_it(self):
        with self.assertRaises(botocore.exceptions.SSLError) as refused:
            self.client().list_queues()
        self.assertIn('certificate verify failed', str(refused.exception))

    def test_what_the_server_answers_is_what_to_trust(self):
        status, headers, authority = self.server.request('/_outcrop/ca')
        self.assertEqual((status, headers['content-type']), (200, 'application/pem-certificate-chain'))
        self.assertEqual(authority, pathlib.Path(self.authority).read_bytes())


unittest.main()
