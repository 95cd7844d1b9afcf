"""Service Quotas through Debian's AWS CLI, as its users type it."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.awscli import CliTest, need_debians_cli

need_debians_cli()

NAME = 'On-demand model inference tokens per minute for Amazon Nova Lite'


class Cli(CliTest):
    service = ('service-quotas',)

    def test_a_quota_is_found_by_its_name_and_raised(self):
        self.assertEqual(self.aws('list-services')['Services'], [{'ServiceCode': 'apigateway', 'ServiceName': 'Amazon API Gateway'}, {'ServiceCode': 'bedrock', 'ServiceName': 'Amazon Bedrock'}, {'ServiceCode': 'lambda', 'ServiceName': 'AWS Lambda'}])
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
