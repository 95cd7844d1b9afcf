"""What tests of the AWS CLI have in common: a server, a home of their own, and the words that users type."""
import json
import os
import shutil
import subprocess
import tempfile
import unittest

from support.outcrop import Outcrop, skip

DEBIANS_CLI = '/usr/bin/aws'


def need_debians_cli():
    if not shutil.which(DEBIANS_CLI):
        skip(f'there is no {DEBIANS_CLI}')


class CliTest(unittest.TestCase):
    cli = DEBIANS_CLI
    service = ()  # the words before those of a test: ('logs',)

    @classmethod
    def setUpClass(cls):
        cls.server = Outcrop()
        cls.home = tempfile.TemporaryDirectory()

    @classmethod
    def tearDownClass(cls):
        cls.home.cleanup()
        assert cls.server.stop() == 0, ''.join(cls.server.log)

    def environment(self):
        return {'PATH': os.environ['PATH'], 'HOME': self.home.name}

    def run_cli(self, *words):
        environment = {**self.environment(), 'AWS_ACCESS_KEY_ID': 'test', 'AWS_SECRET_ACCESS_KEY': 'test', 'AWS_PAGER': '', 'AWS_MAX_ATTEMPTS': '1',
                       'AWS_REGION': 'us-east-1', 'AWS_DEFAULT_REGION': 'us-east-1'}  # the latter is what version 1 reads
        return subprocess.run([self.cli, '--endpoint-url', self.server.endpoint, '--output', 'json', *self.service, *words],
                              capture_output=True, text=True, env=environment, timeout=120)

    def aws(self, *words):
        run = self.run_cli(*words)
        self.assertEqual(run.returncode, 0, f'{words}: {run.stderr}')
        return json.loads(run.stdout) if run.stdout.strip() else {}
