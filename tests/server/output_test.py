"""What the program prints: logs, the banner, versions, the list of services."""
import json
import os
import pathlib
import pty
import re
import select
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.outcrop import Outcrop, binary


def run(*arguments):
    return subprocess.run([binary(), *arguments], capture_output=True, text=True, timeout=60)


class Output(unittest.TestCase):
    def test_into_a_pipe_every_line_of_the_log_is_a_json_object(self):
        server = Outcrop('--log-level', 'debug')
        server.request('/_outcrop/health')
        self.assertEqual(server.stop(), 0)
        events = [json.loads(line) for line in server.log]
        for event in events:
            self.assertLessEqual({'time', 'level', 'message'}, set(event))
        ready = next(event for event in events if event['message'] == 'ready')
        self.assertEqual(ready['endpoint'], server.endpoint)
        self.assertEqual(ready['data'], ':memory:')
        self.assertEqual(ready['auth'], 'open')
        self.assertEqual(ready['durability'], 'sync')
        self.assertTrue(any('stopped' in event['message'] for event in events))

    def test_on_a_terminal_it_greets_people(self):
        ours, theirs = pty.openpty()
        process = subprocess.Popen([binary(), 'serve', '--listen', '127.0.0.1:0', '--data', ':memory:'], stdout=subprocess.PIPE, stderr=theirs, text=True)
        os.close(theirs)
        try:
            endpoint = process.stdout.readline().split()[1]
        finally:
            process.terminate()
        said = b''
        while select.select([ours], [], [], 60)[0]:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the other end has gone
                break
            if not part:
                break
            said += part
        self.assertEqual(process.wait(timeout=60), 0)
        process.stdout.close()
        os.close(ours)
        self.assertIn(f'export AWS_ENDPOINT_URL={endpoint}', said.decode())
        self.assertNotIn('{"time"', said.decode())

    def test_standard_output_has_the_ready_line_and_nothing_else(self):
        server = Outcrop()
        server.process.terminate()
        self.assertEqual(server.process.stdout.read(), '')
        self.assertEqual(server.wait(), 0)

    def test_version(self):
        result = run('--version')
        self.assertEqual(result.returncode, 0)
        self.assertRegex(result.stdout, r'^outcrop \d+\.\d+\.\d+\n$')

    def test_services_says_how_much_of_each_exists(self):
        result = run('services')
        self.assertEqual(result.returncode, 0)
        self.assertRegex(result.stdout, r'(?m)^sqs +23 of 23\b')
        self.assertRegex(result.stdout, re.compile(r'^sts +\d+ of \d+', re.M))


if __name__ == '__main__':
    unittest.main()
