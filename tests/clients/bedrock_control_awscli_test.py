"""The Bedrock control plane through the AWS CLI of the machine, where it is new enough to know inference profiles."""
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.awscli import CliTest
from support.outcrop import skip

CLI = shutil.which('aws')
if not CLI:
    skip('there is no AWS CLI')
if subprocess.run([CLI, 'bedrock', 'create-inference-profile', '--generate-cli-skeleton'], capture_output=True, timeout=120).returncode != 0:
    skip(f'{CLI} does not know inference profiles')

NOVA_LITE = 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0'


class Cli(CliTest):
    cli = CLI
    service = ('bedrock',)

    def environment(self):
        return {**os.environ, 'AWS_CONFIG_FILE': f'{self.home.name}/config', 'AWS_SHARED_CREDENTIALS_FILE': f'{self.home.name}/credentials'}

    def test_models(self):
        listed = self.aws('list-foundation-models', '--by-provider', 'amazon', '--by-output-modality', 'EMBEDDING')['modelSummaries']
        self.assertIn('amazon.titan-embed-text-v2:0', [model['modelId'] for model in listed])
        details = self.aws('get-foundation-model', '--model-identifier', 'amazon.nova-lite-v1:0')['modelDetails']
        self.assertEqual(details['modelArn'], NOVA_LITE)

    def test_a_profile(self):
        made = self.aws('create-inference-profile', '--inference-profile-name', 'cli', '--model-source', f'copyFrom={NOVA_LITE}', '--tags', 'key=team,value=a')
        arn = made['inferenceProfileArn']
        self.assertEqual(self.aws('get-inference-profile', '--inference-profile-identifier', arn)['models'], [{'modelArn': NOVA_LITE}])
        self.assertEqual(self.aws('list-tags-for-resource', '--resource-arn', arn)['tags'], [{'key': 'team', 'value': 'a'}])
        self.assertEqual([profile['inferenceProfileArn'] for profile in self.aws('list-inference-profiles', '--type-equals', 'APPLICATION')['inferenceProfileSummaries']], [arn])
        self.assertNotIn(arn, [profile['inferenceProfileArn'] for profile in self.aws('list-inference-profiles')['inferenceProfileSummaries']])
        self.aws('delete-inference-profile', '--inference-profile-identifier', arn)
        self.assertEqual(self.aws('list-inference-profiles', '--type-equals', 'APPLICATION')['inferenceProfileSummaries'], [])


if __name__ == '__main__':
    unittest.main()
