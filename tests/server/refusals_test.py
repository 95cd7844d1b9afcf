"""Every start that must not happen: one clear sentence with the mend, status 1, and nothing left behind."""
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.outcrop import Outcrop, binary

KEY = 'credentials: [{access_key_id: AKIAEXAMPLE, secret_access_key: secretsecret, account: "000000000001"}]\n'


def run(*arguments, env=None):
    return subprocess.run([binary(), *arguments], capture_output=True, text=True, timeout=60, env={**os.environ, **(env or {})})


class ConfigFiles(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.path = pathlib.Path(self.directory.name)

    def write_config(self, text, mode=0o600):
        file = self.path / 'outcrop.yaml'
        file.write_text(text)
        file.chmod(mode)
        return str(file)


class Refusals(ConfigFiles):
    def assert_refused(self, clause, *arguments, **more):
        result = run('serve', '--log-format', 'text', *arguments, **more)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertRegex(result.stderr, clause)
        self.assertEqual(result.stdout, '', 'it said that it was ready')
        return result.stderr

    def test_a_directory_has_one_server(self):
        with Outcrop(data=self.path) as server:
            said = self.assert_refused(re.escape(str(self.path)), '--listen', '127.0.0.1:0', '--data', str(self.path))
            self.assertIn(str(server.process.pid), said)
            self.assertEqual(server.request('/_outcrop/health')[0], 200, 'the first was disturbed')

    def test_a_freed_directory_can_be_taken(self):
        for _ in range(2):
            with Outcrop(data=self.path) as server:
                self.assertEqual(server.request('/_outcrop/health')[0], 200)

    def test_open_auth_stays_on_loopback(self):
        for address in ('0.0.0.0:0', '[::]:0'):
            self.assert_refused('--auth enforce', '--listen', address, '--data', ':memory:')

    def test_enforce_needs_a_key(self):
        self.assert_refused('credentials', '--listen', '127.0.0.1:0', '--data', ':memory:', '--auth', 'enforce')

    def test_enforce_with_a_key_may_listen_everywhere(self):
        with Outcrop('--auth', 'enforce', '--config', self.write_config(KEY), listen='0.0.0.0:0') as server:
            self.assertTrue(server.endpoint.startswith('http://'))

    def test_a_file_with_secrets_must_be_private(self):
        self.assert_refused('chmod 600', '--data', ':memory:', '--config', self.write_config(KEY, 0o644))

    def test_a_port_in_use_is_named(self):
        with socket.socket() as taken:
            taken.bind(('127.0.0.1', 0))
            taken.listen()
            port = taken.getsockname()[1]
            self.assert_refused(f'127.0.0.1:{port}', '--listen', f'127.0.0.1:{port}', '--data', ':memory:')

    def test_a_data_directory_that_is_a_file_is_refused(self):
        file = self.path / 'file'
        file.write_text('')
        self.assert_refused(re.escape(str(file)), '--listen', '127.0.0.1:0', '--data', str(file))

    def test_without_home_the_data_directory_must_be_named(self):
        self.assert_refused('--data', '--listen', '127.0.0.1:0', env={'HOME': '', 'XDG_DATA_HOME': ''})

    def test_a_broken_configuration_is_told_line_by_line(self):
        said = self.assert_refused('outcrop.yaml:1:1', '--data', ':memory:', '--config', self.write_config('durabilty: sync\nthreads: 0\n'))
        self.assertIn('did you mean durability?', said)
        self.assertIn('outcrop.yaml:2:10', said)

    def test_usage_errors_have_status_2(self):
        for arguments in ((), ('serve', '--lisen', 'x'), ('serve', '--durability', 'none'), ('nothing',)):
            result = run(*arguments)
            self.assertEqual(result.returncode, 2, arguments)
            self.assertIn('outcrop: ', result.stderr)


class ConfigCheck(ConfigFiles):
    def test_a_good_file_is_ok(self):
        result = run('config', 'check', self.write_config(KEY + 'auth: enforce\n'))
        self.assertEqual((result.returncode, result.stdout.split()[0]), (0, 'OK'))

    def test_a_bad_one_is_not(self):
        result = run('config', 'check', self.write_config('limits: {conections: 1}\n'))
        self.assertEqual(result.returncode, 1)
        self.assertIn('outcrop.yaml:1:10: limits.conections', result.stderr)

    def test_an_unsafe_one_is_not(self):
        result = run('config', 'check', self.write_config('listen: 0.0.0.0:4566\n'))
        self.assertEqual(result.returncode, 1)
        self.assertIn('--auth enforce', result.stderr)


if __name__ == '__main__':
    unittest.main()
