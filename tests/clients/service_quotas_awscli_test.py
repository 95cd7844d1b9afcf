"""Service Quotas through Debian's AWS CLI, as its users type it."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.outcrop import Outcrop, skip

CLI = '/usr/bin/aws'
if not shutil.which(CLI):
    skip(f'there is no {CLI}')

NAME = 'On-demand model inference tokens per minute for Amazon Nova Lite'


class Cli(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Outcrop()
        cls.home = tempfile.TemporaryDirectory()

    @classmethod
    def tearDownClass(cls):
        cls.home.cleanup()
        assert cls.server.stop() == 0, ''.join(cls.server.log)

    def run_cli(self, *words):
        environment = {'PATH': os.environ['PATH'], 'HOME': self.home.name, 'AWS_ACCESS_KEY_ID': 'test', 'AWS_SECRET_ACCESS_KEY': 'test',
                       'AWS_REGION': 'us-east-1', 'AWS_PAGER': '', 'AWS_MAX_ATTEMPTS': '1'}
        return subprocess.run([CLI, '--endpoint-url', self.server.endpoint, '--output', 'json', 'service-quotas', *words],
                              capture_output=True, text=True, env=environment, timeout=120)

    def aws(self, *words):
        run = self.run_cli(*words)
        self.assertEqual(run.returncode, 0, f'{words}: {run.stderr}')
        return json.loads(run.stdout)

    def test_a_quota_is_found_by_its_name_and_raised(self):
        self.assertEqual(self.aws('list-services')['Services'], [{'ServiceCode': 'bedrock', 'ServiceName': 'Amazon Bedrock'}])
        [quota] = self.aws('list-service-quotas', '--service-code', 'bedrock', '--query', f"Quotas[?QuotaName=='{NAME}']")
        self.assertEqual(quota['Value'], 4_000_000)
        named = ('--service-code', 'bedrock', '--quota-code', quota['QuotaCode'])
        change = self.aws('request-service-quota-increase', *named, '--desired-value', '5000000')['RequestedQuota']
        self.assertEqual((change['Status'], change['DesiredValue']), ('APPROVED', 5_000_000))
        self.assertEqual(self.aws('get-service-quota', *named)['Quota']['Value'], 5_000_000)
        self.assertEqual(self.aws('get-aws-default-service-quota', *named)['Quota']['Value'], 4_000_000)
        [listed] = self.aws('list-requested-service-quota-change-history-by-quota', *named)['RequestedQuotas']
        self.assertEqual(listed['Id'], change['Id'])
        self.assertEqual(self.aws('get-requested-service-quota-change', '--request-id', change['Id'])['RequestedQuota'], listed)

    def test_a_service_without_quotas_is_refused_in_awss_words(self):
        run = self.run_cli('list-service-quotas', '--service-code', 'ec2')
        self.assertNotEqual(run.returncode, 0)
        self.assertIn('(NoSuchResourceException) when calling the ListServiceQuotas operation', run.stderr)
        self.assertIn(': The request failed because the specified service does not exist.', run.stderr)


if __name__ == '__main__':
    unittest.main()
