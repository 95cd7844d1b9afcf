"""What the suites of hostile peers share: both servers they are let loose on, and what must be true after each attack: the server answers
over every transport, has let go of every connection, has not grown, and has nothing but expected words in its log."""
import json
import os
import pathlib
import random
import re
import sys
import tempfile
import time
import unittest
import urllib.parse

from support.outcrop import EdgeServer, Outcrop
from support.peers import END_STREAM, PREFACE, SECONDS_MAX, Peer, field, http1, http2_status, last_word, request, settings, trusting

# Resident memory after an attack, above that before the first. A sanitizer's allocator keeps what was freed in a quarantine, made small here.
GROWTH_MIB_MAX = 96
SANITIZERS = {'ASAN_OPTIONS': os.environ.get('ASAN_OPTIONS', '') + ':quarantine_size_mb=8:thread_local_quarantine_size_kb=64'}
EXPECTED_LOG = ('ready', 'stopping; ', 'stopped', 'a stage is deployed')


class Attacked:
    """One of the two servers, as an attacker needs to know it."""

    def __init__(self, server, path, sink):
        self.server, self.path, self.sink = server, path, sink  # GET path: 200; POST sink reads a body
        parts = urllib.parse.urlsplit(server.endpoint)
        self.address = parts.hostname, parts.port

    def peer(self, tls=None, **more):
        return Peer(self.address, tls, **more)

    def get(self, **more):
        return http1(self.path, **more)

    def post(self, body=b'{}', fields=''):
        return http1(self.sink, 'POST', self.sink_fields + fields, body)

    sink_fields, http2_sink_fields = '', b''

    def resident_mib(self):
        status = pathlib.Path(f'/proc/{self.server.process.pid}/status').read_text()
        return int(re.search(r'VmRSS:\s+(\d+) kB', status)[1]) // 1024

    def unexpected_log(self):
        return [line for line in self.server.log if not self.is_expected(line)]


class AttackedProgram(Attacked):
    sink_fields = 'X-Amz-Target: AmazonSQS.ListQueues\r\nContent-Type: application/x-amz-json-1.0\r\n'
    http2_sink_fields = field('x-amz-target', 'AmazonSQS.ListQueues') + field('content-type', 'application/x-amz-json-1.0')

    def __init__(self):
        super().__init__(Outcrop('--threads', '2', env=SANITIZERS), '/_outcrop/health', '/')
        self.authority = self.server.request('/_outcrop/ca')[2].decode()

    def metric(self, name):
        return int(float(re.search(rf'\noutcrop_http_{name} (\S+)'.encode(), self.server.request('/_outcrop/metrics')[2])[1]))

    def connections(self):
        return self.metric('connections')

    def body_bytes(self):
        return self.metric('body_bytes')

    @staticmethod
    def is_expected(line):
        try:
            return json.loads(line)['message'].startswith(EXPECTED_LOG)
        except ValueError:
            return False


class AttackedEdge(Attacked):
    def __init__(self):
        with tempfile.NamedTemporaryFile() as authority:
            super().__init__(EdgeServer('--loops', '2', '--tls-authority', authority.name, env=SANITIZERS), '/hello', '/sink')
            self.authority = pathlib.Path(authority.name).read_text()

    def connections(self):
        return int(self.server.request('/connections')[2])

    def body_bytes(self):
        return int(self.server.request('/body-bytes')[2])

    @staticmethod
    def is_expected(line):
        return False


class Hostile(unittest.TestCase):
    """A suite; its tests attack `self.servers` in turn. Chance comes from `self.random`, whose seed is printed."""

    @classmethod
    def setUpClass(cls):
        cls.servers = [AttackedEdge(), AttackedProgram()]
        cls.edge = cls.servers[0]
        seed = int(os.environ.get('OUTCROP_SEED', random.SystemRandom().randrange(1 << 32)))
        print(f'OUTCROP_SEED={seed}', file=sys.stderr)
        cls.random = random.Random(seed)
        for server in cls.servers:
            cls.answers_everywhere(server)
            server.resident_mib_before = server.resident_mib()

    @classmethod
    def tearDownClass(cls):
        statuses = [server.server.stop() for server in cls.servers]
        logs = [server.unexpected_log() for server in cls.servers]
        assert statuses == [0, 0] and logs == [[], []], f'exit statuses {statuses}; {logs}'

    def tearDown(self):
        for server in self.servers:
            self.assertIsNone(server.server.process.poll(), ''.join(server.server.log))
            self.answers_everywhere(server)
            self.lets_go(server)
            self.assertEqual(server.unexpected_log(), [])
            self.assertLess(server.resident_mib() - server.resident_mib_before, GROWTH_MIB_MAX)

    @staticmethod
    def answers_everywhere(server):
        """A normal request over HTTP/1.1 and HTTP/2, plain and over TLS."""
        for tls in (None, trusting(server.authority)):
            with server.peer(tls) as peer:
                peer.send(server.get())
                assert peer.answer()[0] == 200
        for tls in (None, trusting(server.authority, ('h2',))):
            with server.peer(tls) as peer:
                assert tls is None or peer.socket.selected_alpn_protocol() == 'h2'
                peer.send(PREFACE + settings() + request(1, path=server.path))
                frames = []
                while not frames or frames[-1][2] != 1 or not frames[-1][1] & END_STREAM:
                    frames.append(peer.frame())
                assert http2_status(frames, 1) == 200

    def lets_go(self, server):
        """Every connection but the one that asks has ended."""
        deadline = time.monotonic() + SECONDS_MAX
        while (open := server.connections()) != 1:
            self.assertLess(time.monotonic(), deadline, f'{open - 1} connections stay open')

    def each(self, cases, attack):
        """The servers times the cases (name, more...), each as a sub-test: attack(server, more...)."""
        for server in self.servers:
            for name, *more in cases:
                with self.subTest(server=type(server).__name__, case=name):
                    attack(server, *more)

    @staticmethod
    def talk(server, data, tls=None):
        """What the server says to this over HTTP/2, as frames, up to the end or to the answer to a last word, which overtakes answers to requests."""
        with server.peer(tls) as peer:
            peer.send(PREFACE + settings() + data + last_word())
            return peer.frames()

    @staticmethod
    def talk_until(server, data, is_enough):
        """As talk, up to the end or until `is_enough(frames)`."""
        with server.peer() as peer:
            peer.send(PREFACE + settings() + data)
            frames = []
            while not is_enough(frames) and (frame := peer.frame()):
                frames.append(frame)
            return frames

    def chance_bytes(self, count_max):
        return self.random.randbytes(self.random.randrange(1, count_max))
