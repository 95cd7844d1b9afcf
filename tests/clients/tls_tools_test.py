"""TLS as curl, the AWS CLI and openssl see it, and the files an authority of our own leaves."""
import http.client
import os
import pathlib
import shutil
import ssl
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.outcrop import Outcrop, binary

SECONDS_MAX = 120


def run(*words, stdin='', **environment):
    return subprocess.run(words, input=stdin, capture_output=True, text=True, timeout=SECONDS_MAX, env={**os.environ, **environment})


def needs(program):
    return unittest.skipUnless(shutil.which(program), f'there is no {program}')


class Served(unittest.TestCase):
    """A data directory with a server over it."""

    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.data = pathlib.Path(self.directory.name) / 'data'
        self.authority = self.data / 'tls' / 'ca.pem'

    def serve(self, *arguments, **more):
        server = Outcrop(*arguments, **{'data': self.data, **more})
        self.addCleanup(lambda: server.process.poll() is None and server.stop())
        self.port = urllib.parse.urlsplit(server.endpoint).port
        return server

    def get_health(self, authority=None, host='localhost'):
        context = ssl.create_default_context(cafile=str(authority or self.authority))
        connection = http.client.HTTPSConnection(host, self.port, context=context, timeout=SECONDS_MAX)
        connection.request('GET', '/_outcrop/health')
        status = connection.getresponse().status
        connection.close()
        return status

    def make_certificate(self, name, days=1):
        """A self-signed one with its key."""
        certificate, key = self.data.parent / f'{name}.pem', self.data.parent / f'{name}-key.pem'
        made = run('openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', str(days), '-subj', f'/CN={name}',
                   '-addext', f'subjectAltName=DNS:{name},DNS:localhost', '-keyout', str(key), '-out', str(certificate))
        self.assertEqual(made.returncode, 0, made.stderr)
        key.chmod(0o600)
        return certificate, key


class Clients(Served):
    @needs('curl')
    def test_curl(self):
        self.serve()
        for host in ('localhost', '127.0.0.1'):
            got = run('curl', '-sS', '--noproxy', '*', '--http1.1', '--cacert', str(self.authority), f'https://{host}:{self.port}/_outcrop/health')
            self.assertIn('"status":"ok"', got.stdout, got.stderr)
        refused = run('curl', '-sS', '--noproxy', '*', f'https://localhost:{self.port}/_outcrop/health')
        self.assertEqual(refused.returncode, 60, refused.stderr)  # CURLE_PEER_FAILED_VERIFICATION

    @needs('/usr/bin/aws')
    def test_the_aws_cli(self):
        self.serve()
        settings = {'HOME': self.directory.name, 'AWS_ACCESS_KEY_ID': 'test', 'AWS_SECRET_ACCESS_KEY': 'test', 'AWS_REGION': 'us-east-1',
                    'AWS_PAGER': '', 'AWS_CA_BUNDLE': str(self.authority), 'NO_PROXY': '*'}
        aws = ('/usr/bin/aws', '--endpoint-url', f'https://localhost:{self.port}', '--output', 'text', 'sqs')
        url = run(*aws, 'create-queue', '--queue-name', 'cli', **settings)
        self.assertTrue(url.stdout.startswith(f'https://localhost:{self.port}/'), url.stderr)
        sent = run(*aws, 'send-message', '--queue-url', url.stdout.strip(), '--message-body', 'by TLS', **settings)
        self.assertEqual(sent.returncode, 0, sent.stderr)
        received = run(*aws, 'receive-message', '--queue-url', url.stdout.strip(), '--query', 'Messages[0].Body', **settings)
        self.assertEqual(received.stdout, 'by TLS\n', received.stderr)

    @needs('openssl')
    def test_the_versions_of_openssl(self):
        self.serve()
        connect = ('openssl', 's_client', '-connect', f'127.0.0.1:{self.port}', '-CAfile', str(self.authority), '-verify_return_error', '-cipher', 'ALL:@SECLEVEL=0')
        for version in ('tls1_2', 'tls1_3'):
            accepted = run(*connect, f'-{version}')
            self.assertEqual(accepted.returncode, 0, accepted.stderr)
            self.assertIn('Verify return code: 0 (ok)', accepted.stdout)
        for version in ('tls1', 'tls1_1'):
            refused = run(*connect, f'-{version}')
            self.assertNotEqual(refused.returncode, 0)
            self.assertIn('alert protocol version', refused.stderr)

    @needs('openssl')
    def test_the_protocols_of_openssl(self):
        self.serve()
        connect = ('openssl', 's_client', '-connect', f'127.0.0.1:{self.port}')
        self.assertIn('ALPN protocol: http/1.1', run(*connect, '-alpn', 'http/1.1').stdout)
        self.assertIn('alert no application protocol', run(*connect, '-alpn', 'h3').stderr)


class OwnAuthority(Served):
    def test_it_stays_over_a_restart_with_safe_modes(self):
        usual = os.umask(0)
        try:
            server = self.serve()
        finally:
            os.umask(usual)
        first = self.authority.read_bytes()
        self.assertEqual(self.get_health(), 200)
        self.assertEqual(server.stop(), 0)
        self.assertEqual((self.data / 'tls').stat().st_mode & 0o777, 0o700)
        self.assertEqual((self.data / 'tls' / 'ca-key.pem').stat().st_mode & 0o777, 0o600)
        self.serve()
        self.assertEqual(self.authority.read_bytes(), first)
        self.assertEqual(self.get_health(), 200)

    def test_the_command_prints_its_file_before_and_while_the_server_runs(self):
        before = run(binary(), 'ca', '--data', str(self.data))
        self.assertEqual((before.returncode, before.stdout), (0, f'{self.authority}\n'), before.stderr)
        first = self.authority.read_bytes()
        self.serve()
        self.assertEqual(run(binary(), 'ca', '--data', str(self.data)).stdout, f'{self.authority}\n')
        self.assertEqual(self.authority.read_bytes(), first)
        self.assertEqual(self.get_health(), 200)

    def test_one_in_memory_has_no_file(self):
        refused = run(binary(), 'ca', '--data', ':memory:')
        self.assertEqual(refused.returncode, 1)
        self.assertIn('/_outcrop/ca', refused.stderr)
        server = self.serve(data=':memory:')
        file = self.data.parent / 'answered.pem'
        file.write_bytes(server.request('/_outcrop/ca')[2])
        self.assertEqual(self.get_health(file), 200)

    def test_nothing_of_the_key_is_logged(self):
        server = self.serve('--log-level', 'debug')
        self.get_health()
        server.stop()
        self.assertNotIn('PRIVATE KEY', ''.join(server.log))


@needs('openssl')
class Configured(Served):
    def flags(self, certificate, key):
        return '--tls-cert', str(certificate), '--tls-key', str(key)

    def refusal(self, *arguments):
        result = run(binary(), 'serve', '--listen', '127.0.0.1:0', '--data', ':memory:', '--log-format', 'text', *arguments)
        self.assertEqual((result.returncode, result.stdout), (1, ''), result.stderr)
        return result.stderr

    def test_its_certificate_is_shown_and_no_authority_is_made(self):
        certificate, key = self.make_certificate('configured.test')
        server = self.serve(*self.flags(certificate, key))
        self.assertEqual(self.get_health(certificate), 200)
        self.assertEqual(server.request('/_outcrop/ca')[2], certificate.read_bytes())
        self.assertFalse(self.authority.exists())
        refused = run(binary(), 'ca', '--config', str(self.config(certificate, key)))
        self.assertIn('has no authority of its own', refused.stderr)

    def config(self, certificate, key):
        file = self.data.parent / 'outcrop.yaml'
        file.write_text(f'data: {self.data}\ntls: {{certificate: {certificate}, key: {key}}}\n')
        return file

    def test_what_cannot_be_used_is_refused_at_the_start_and_by_the_check(self):
        certificate, key = self.make_certificate('one.test')
        _, other = self.make_certificate('other.test')
        self.assertIn('the key does not belong to the certificate', self.refusal(*self.flags(certificate, other)))
        self.assertIn('there is no file', self.refusal(*self.flags('/nowhere.pem', key)))
        check = run(binary(), 'config', 'check', str(self.config(certificate, other)))
        self.assertEqual(check.returncode, 1)
        self.assertIn('the key does not belong to the certificate', check.stderr)
        self.assertEqual(run(binary(), 'config', 'check', str(self.config(certificate, key))).returncode, 0)
        key.chmod(0o644)
        self.assertIn(f'chmod 600 {key}', self.refusal(*self.flags(certificate, key)))


if __name__ == '__main__':
    unittest.main()
