"""Service Quotas through boto3, identities enforced: raised values are an account's own and outlive a restart; `outcrop quota` signs."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.outcrop import Outcrop, binary, skip

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import ClientError
except ImportError:
    skip(f'{sys.executable} has no boto3')

ALICE = ('AKIAALICEALICEALICE1', 'alices-secret', '123456789012')
BOB = ('AKIABOBBOBBOBBOBBOB1', 'bobs-secret', '444455556666')
CONFIGURATION = 'credentials:\n' + ''.join(
    f'  - {{access_key_id: {key}, secret_access_key: {secret}, account: "{account}"}}\n' for key, secret, account in (ALICE, BOB))
NOVA_PRO_TOKENS = 'L-C0326783'  # Cross-region model inference tokens per minute for Amazon Nova Pro


class ServiceQuotas(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.file = os.path.join(cls.folder.name, 'outcrop.yaml')
        with open(os.open(cls.file, os.O_CREAT | os.O_WRONLY, 0o600), 'w') as file:
            file.write(CONFIGURATION)
        cls.start()

    @classmethod
    def start(cls):
        cls.server = Outcrop('--auth', 'enforce', '--config', cls.file, data=os.path.join(cls.folder.name, 'data'))

    @classmethod
    def tearDownClass(cls):
        assert cls.server.stop() == 0, ''.join(cls.server.log)
        cls.folder.cleanup()

    def client(self, who=ALICE, region='us-east-1'):
        return boto3.client('service-quotas', endpoint_url=self.server.endpoint, region_name=region, aws_access_key_id=who[0],
                            aws_secret_access_key=who[1], config=Config(retries={'total_max_attempts': 1}))

    def value(self, who=ALICE, region='us-east-1'):
        return self.client(who, region=region).get_service_quota(ServiceCode='bedrock', QuotaCode=NOVA_PRO_TOKENS)['Quota']['Value']

    def quota_command(self, *words, who=None):
        environment = {name: value for name, value in os.environ.items() if not name.startswith('AWS_')}
        if who:
            environment |= {'AWS_ACCESS_KEY_ID': who[0], 'AWS_SECRET_ACCESS_KEY': who[1]}
        return subprocess.run([binary(), 'quota', '--endpoint', self.server.endpoint, *words], capture_output=True, text=True,
                              env=environment, timeout=60)

    def test_a_raised_value_is_the_accounts_own_and_outlives_a_restart(self):
        self.assertEqual(self.value(), 2_000_000)
        change = self.client().request_service_quota_increase(ServiceCode='bedrock', QuotaCode=NOVA_PRO_TOKENS, DesiredValue=5_000_000)['RequestedQuota']
        self.assertEqual((change['Status'], change['QuotaArn']), ('APPROVED', f'arn:aws:servicequotas:us-east-1:{ALICE[2]}:bedrock/{NOVA_PRO_TOKENS}'))
        self.assertEqual(self.server.stop(), 0)
        self.start()
        self.assertEqual((self.value(), self.value(BOB), self.value(region='eu-west-1')), (5_000_000, 2_000_000, 2_000_000))
        self.assertEqual(self.client().get_requested_service_quota_change(RequestId=change['Id'])['RequestedQuota'], change)
        self.assertEqual(self.client(BOB).list_requested_service_quota_change_history()['RequestedQuotas'], [])

    def test_a_value_that_is_no_more_is_refused(self):
        with self.assertRaises(ClientError) as refused:
            self.client().request_service_quota_increase(ServiceCode='bedrock', QuotaCode=NOVA_PRO_TOKENS, DesiredValue=1)
        self.assertEqual(refused.exception.response['Error']['Code'], 'IllegalArgumentException')
        self.assertEqual(refused.exception.response['Error']['Message'], 'You must provide a quota value greater than the current quota value')

    def test_outcrop_quota_signs_what_it_asks(self):
        self.assertEqual(self.quota_command('--once', who=ALICE).returncode, 0)
        refused = self.quota_command('--once')
        self.assertEqual(refused.returncode, 1)
        self.assertIn('the quotas of http://127.0.0.1', refused.stderr)
        wrong = self.quota_command('--once', who=(ALICE[0], 'guessed'))
        self.assertEqual(wrong.returncode, 1)
        self.assertIn('signature', wrong.stderr)


if __name__ == '__main__':
    unittest.main()
