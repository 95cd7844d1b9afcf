"""`outcrop logs`: what was logged, and what is logged while it looks."""
import pathlib
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.outcrop import Outcrop, binary, skip

try:
    import boto3
except ImportError:
    skip(f'{sys.executable} has no boto3')

GROUP = '/aws/lambda/orders'


class LogsCommand(unittest.TestCase):
    def setUp(self):
        self.server = Outcrop()
        self.logs = boto3.client('logs', endpoint_url=self.server.endpoint, region_name='eu-central-1', aws_access_key_id='000000000000', aws_secret_access_key='test')
        self.addCleanup(self.server.stop)

    def make(self):
        self.logs.create_log_group(logGroupName=GROUP)
        self.logs.create_log_stream(logGroupName=GROUP, logStreamName='a')

    def put(self, *messages, age_seconds=0):
        at = int((time.time() - age_seconds) * 1000)
        self.logs.put_log_events(logGroupName=GROUP, logStreamName='a', logEvents=[{'timestamp': at, 'message': message} for message in messages])

    def command(self, *arguments):
        return [binary(), 'logs', *arguments, '--endpoint', self.server.endpoint, '--region', 'eu-central-1']

    def printed(self, *arguments):
        done = subprocess.run(self.command(*arguments), capture_output=True, text=True, timeout=60)
        return done.returncode, [line.split('  ', 1)[1] for line in done.stdout.splitlines()], done.stderr

    def follow(self, *arguments):
        process = subprocess.Popen(self.command(*arguments, '--follow'), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def test_what_was_logged_lately_is_printed(self):
        self.make()
        self.put('an hour ago', age_seconds=3600)
        self.put('START', 'line\n', 'ERROR not')
        self.assertEqual(self.printed('orders'), (0, ['START', 'line', 'ERROR not'], ''))
        self.assertEqual(self.printed('orders', '--since', '2h')[1], ['an hour ago', 'START', 'line', 'ERROR not'])
        self.assertEqual(self.printed('orders', '--filter', 'ERROR')[1], ['ERROR not'])
        self.assertEqual(self.printed(GROUP)[1], ['START', 'line', 'ERROR not'])
        self.assertEqual(self.printed('arn:aws:lambda:eu-central-1:000000000000:function:orders:live')[1], ['START', 'line', 'ERROR not'])

    def test_following_goes_on_with_what_is_logged_and_repeats_nothing(self):
        self.make()
        self.put('before')
        process = self.follow('orders')
        self.assertIn('before', process.stdout.readline())
        self.put('first')
        self.assertIn('first', process.stdout.readline())
        self.put('second', 'third')
        self.assertIn('second', process.stdout.readline())
        self.assertIn('third', process.stdout.readline())

    def test_following_waits_for_the_first_line(self):
        process = self.follow('orders')
        self.assertIn('waiting for the first', process.stderr.readline())
        self.make()
        self.put('here')
        self.assertIn('here', process.stdout.readline())

    def test_what_cannot_be_shown_says_why(self):
        status, lines, error = self.printed('orders')
        self.assertEqual((status, lines), (1, []))
        self.assertIn('The specified log group does not exist.', error)
        status, _, error = self.printed('orders', '--since', 'yesterday')
        self.assertEqual(status, 2)
        self.assertIn('10m', error)

    def test_a_server_that_ends_ends_the_following(self):
        self.make()
        self.put('before')
        process = self.follow('orders')
        process.stdout.readline()
        self.server.process.terminate()
        self.assertEqual(process.wait(timeout=60), 1)
        self.assertIn('cannot be shown', process.stderr.read())


if __name__ == '__main__':
    unittest.main()
