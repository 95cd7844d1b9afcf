"""Lambda with enforced identities, through boto3: another account may invoke a function by its policy alone, and nothing else."""
import io
import json
import os
import pathlib
import sys
import tempfile
import unittest
import zipfile

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


def package():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, 'w') as archive:
        archive.writestr('index.py', 'def handler(event, context):\n    return event\n')
    return packed.getvalue()


class Enforced(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        path = pathlib.Path(cls.folder.name, 'outcrop.yaml')
        path.write_text(SETTINGS)
        os.chmod(path, 0o600)
        cls.server = Outcrop('--config', str(path))
        cls.owner, cls.other = cls.client('AKIAOWNER00000000000', 'owner-secret'), cls.client('AKIAOTHER00000000000', 'other-secret')
        cls.arn = cls.owner.create_function(FunctionName='orders', Runtime='python3.12', Role=f'arn:aws:iam::{OWNER}:role/r', Handler='index.handler',
                                            Code={'ZipFile': package()})['FunctionArn']
        cls.owner.get_waiter('function_active_v2').wait(FunctionName='orders', WaiterConfig={'Delay': 1})
        cls.version = cls.owner.publish_version(FunctionName='orders')['Version']

    @classmethod
    def tearDownClass(cls):
        assert cls.server.stop() == 0, ''.join(cls.server.log)
        cls.folder.cleanup()

    @classmethod
    def client(cls, key, secret):
        return boto3.client('lambda', endpoint_url=cls.server.endpoint, region_name='us-east-1', aws_access_key_id=key, aws_secret_access_key=secret,
                            config=Config(retries={'max_attempts': 0}))

    def may(self, client, name):
        try:
            return client.invoke(FunctionName=name, InvocationType='DryRun')['StatusCode'] == 204
        except ClientError as refused:
            self.assertEqual(refused.response['Error']['Code'], 'AccessDeniedException')
            return False

    def test_the_owner_may_invoke(self):
        self.assertTrue(self.may(self.owner, 'orders'))

    def test_another_account_needs_the_policy_of_what_it_names(self):
        qualified = f'{self.arn}:{self.version}'
        self.assertFalse(self.may(self.other, qualified))
        self.owner.add_permission(FunctionName='orders', Qualifier=self.version, StatementId='other', Action='lambda:InvokeFunction', Principal=OTHER)
        self.assertTrue(self.may(self.other, qualified))
        self.assertFalse(self.may(self.other, self.arn))
        self.owner.remove_permission(FunctionName='orders', Qualifier=self.version, StatementId='other')
        self.assertFalse(self.may(self.other, qualified))

    def test_what_is_let_is_invoking_alone(self):
        self.owner.add_permission(FunctionName='orders', StatementId='all', Action='lambda:*', Principal=OTHER)
        with self.assertRaises(ClientError) as refused:
            self.other.delete_function(FunctionName=self.arn)
        self.assertEqual(refused.exception.response['Error']['Code'], 'AccessDeniedException')
        self.owner.remove_permission(FunctionName='orders', StatementId='all')

    def test_a_policy_as_boto3_reads_it(self):
        added = self.owner.add_permission(FunctionName='orders', StatementId='rule', Action='lambda:InvokeFunction', Principal='events.amazonaws.com',
                                          SourceArn=f'arn:aws:events:us-east-1:{OWNER}:rule/nightly', SourceAccount=OWNER)
        statement = json.loads(added['Statement'])
        self.assertEqual(statement['Condition'], {'StringEquals': {'AWS:SourceAccount': OWNER},
                                                  'ArnLike': {'AWS:SourceArn': f'arn:aws:events:us-east-1:{OWNER}:rule/nightly'}})
        self.assertIn(statement, json.loads(self.owner.get_policy(FunctionName='orders')['Policy'])['Statement'])
        self.owner.remove_permission(FunctionName='orders', StatementId='rule')


if __name__ == '__main__':
    unittest.main(verbosity=2)
