"""Functions through boto3, identities enforced: whose they are, directories of the machine, a server that is killed."""
import io
import os
import pathlib
import sys
import tempfile
import unittest
import urllib.request
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.outcrop import Outcrop, skip

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import ClientError
except ImportError:
    skip(f'{sys.executable} has no boto3')

ALICE = ('AKIAALICEALICEALICE1', 'alices-secret', '123456789012')
BOB = ('AKIABOBBOBBOBBOBBOB1', 'bobs-secret', '444455556666')


def package(text='1'):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as archive:
        # ZipInfo's date is always the same: one text is one package, whenever it is made.
        archive.writestr(zipfile.ZipInfo('handler.py'), f'def handler(event, context):\n    return {text}\n')
    return out.getvalue()


class Functions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.allowed = os.path.join(cls.folder.name, 'work')
        os.mkdir(cls.allowed)
        cls.file = os.path.join(cls.folder.name, 'outcrop.yaml')
        configuration = 'credentials:\n' + ''.join(
            f'  - {{access_key_id: {key}, secret_access_key: {secret}, account: "{account}"}}\n' for key, secret, account in (ALICE, BOB))
        with open(os.open(cls.file, os.O_CREAT | os.O_WRONLY, 0o600), 'w') as file:
            file.write(configuration + 'lambda: {code_directories: work}\n')
        cls.server = Outcrop('--auth', 'enforce', '--config', cls.file, data=os.path.join(cls.folder.name, 'data'))

    @classmethod
    def tearDownClass(cls):
        assert cls.server.stop() == 0, ''.join(cls.server.log)
        cls.folder.cleanup()

    def client(self, who=ALICE, region='us-east-1'):
        return boto3.client('lambda', endpoint_url=self.server.endpoint, region_name=region, aws_access_key_id=who[0],
                            aws_secret_access_key=who[1], config=Config(retries={'total_max_attempts': 1}))

    def create(self, name, who=ALICE, code=None, **more):
        return self.client(who).create_function(FunctionName=name, Runtime='python3.12', Handler='handler.handler',
                                                Role=f'arn:aws:iam::{who[2]}:role/r', Code={'ZipFile': package()} if code is None else code, **more)

    def refused(self, call, **parameters):
        with self.assertRaises(ClientError) as caught:
            call(**parameters)
        return caught.exception.response['Error']

    def test_functions_are_their_accounts_own(self):
        made = self.create('mine')
        self.client().get_waiter('function_active_v2').wait(FunctionName='mine', WaiterConfig={'Delay': 1})
        self.assertEqual(self.refused(self.client(BOB).get_function, FunctionName='mine')['Code'], 'ResourceNotFoundException')
        self.assertEqual(self.refused(self.client(BOB).get_function, FunctionName=made['FunctionArn'])['Code'], 'AccessDeniedException')
        self.assertEqual(self.create('mine', BOB)['FunctionArn'], 'arn:aws:lambda:us-east-1:444455556666:function:mine')

    def test_the_location_of_code_needs_no_signature_of_a_key(self):
        self.create('located')
        location = self.client().get_function(FunctionName='located')['Code']['Location']
        with urllib.request.urlopen(location, timeout=30) as answer:
            self.assertEqual(answer.read(), package())

    def test_directories_in_place_are_those_that_the_configuration_lists(self):
        self.create('in-place', code={}, Tags={'outcrop:code-directory': self.allowed})
        refusal = self.refused(self.create, name='elsewhere', code={}, Tags={'outcrop:code-directory': '/etc'})
        self.assertEqual(refusal['Code'], 'InvalidParameterValueException')
        self.assertIn('lambda.code_directories', refusal['Message'])

    def test_what_was_acknowledged_outlives_a_killed_server(self):
        for number in range(5):
            self.create(f'kept-{number}', Publish=True)
        self.server.kill()
        self.server.start()
        for number in range(5):
            self.client().get_waiter('function_active_v2').wait(FunctionName=f'kept-{number}', WaiterConfig={'Delay': 1})
            versions = self.client().list_versions_by_function(FunctionName=f'kept-{number}')['Versions']
            self.assertEqual([version['Version'] for version in versions], ['$LATEST', '1'])


if __name__ == '__main__':
    unittest.main()
