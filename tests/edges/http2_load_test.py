"""nghttp2's load generator, a client of many connections and streams that is not ours: every request is answered, over every transport."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.outcrop import EdgeServer

REQUESTS = 10_000


@unittest.skipUnless(shutil.which('h2load'), 'there is no h2load')
class Load(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.NamedTemporaryFile() as authority:
            cls.server = EdgeServer('--loops', '2', '--tls-authority', authority.name)

    @classmethod
    def tearDownClass(cls):
        assert cls.server.stop() == 0, cls.server.log

    def all_succeed(self, scheme, protocol, *options):
        url = self.server.endpoint.replace('http:', f'{scheme}:') + '/hello'
        said = subprocess.run(['h2load', '-n', str(REQUESTS), '-c', '50', *options, url], capture_output=True, text=True, timeout=300).stdout
        self.assertIn(f'Application protocol: {protocol}\n', said)
        self.assertEqual(re.search(r'status codes: (\d+) 2xx, 0 3xx, 0 4xx, 0 5xx', said)[1], str(REQUESTS), said)
        self.assertRegex(said, f'{REQUESTS} succeeded, 0 failed, 0 errored, 0 timeout')

    def test_http2_by_prior_knowledge(self):
        self.all_succeed('http', 'h2c', '-m', '100')

    def test_http2_by_alpn(self):
        self.all_succeed('https', 'h2', '-m', '100')

    def test_a_window_of_its_own_size(self):
        self.all_succeed('http', 'h2c', '-m', '10', '-w', '10', '-W', '12')

    def test_http1_over_tls(self):
        self.all_succeed('https', 'http/1.1', '--h1')


if __name__ == '__main__':
    unittest.main()
