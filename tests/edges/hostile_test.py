"""Peers that mean no good, over HTTP/1.1 and TLS: requests that two parsers could read differently, peers that are slow, peers that
stop in the middle, and noise. What they may do over HTTP/2 and WebSocket is in the suites beside this one."""
import pathlib
import resource
import ssl
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.hostile import Hostile
from support.peers import (END_HEADERS, HANDSHAKE, HEADERS, PREFACE, TEXT, TlsFlights, frame, http1, http2_status, request, settings, trusting,
                           websocket_frame)

SLOW_PEERS_OF_A_KIND = 80
BODY_BYTES_MAX = 4 << 20  # of memory for bodies that were only announced
SMUGGLED = b'GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n'


def post(framing, body=b''):
    """A request whose fields say how long it is, in a way of their own."""
    return lambda server: f'POST {server.sink} HTTP/1.1\r\nHost: localhost\r\n{server.sink_fields}{framing}\r\n'.encode() + body


def get(fields='', line='GET {path} HTTP/1.1', host='Host: localhost\r\n'):
    return lambda server: f'{line.format(path=server.path)}\r\n{host}{fields}\r\n'.encode('latin-1')


def chunked(body):
    return post('Transfer-Encoding: chunked\r\n', body)


CL, TE = 'Content-Length: 5\r\n', 'Transfer-Encoding: chunked\r\n'
LAST_CHUNK = b'0\r\n\r\n'

# What it is, the request, the status it is refused with.
SMUGGLING = [
    ('a length and chunks', post(CL + TE, LAST_CHUNK), 400),
    ('chunks and a length', post(TE + CL, LAST_CHUNK), 400),
    ('two lengths that differ', post(CL + 'Content-Length: 6\r\n', b'hello'), 400),
    ('two lengths alike', post(CL + CL, b'hello'), 400),
    ('a list of lengths', post('Content-Length: 5, 5\r\n', b'hello'), 400),
    *((f'the length {length!r}', post(f'Content-Length: {length}\r\n', b'hello'), 400) for length in ('', '+5', '-5', '0x5', '5a', '5 5', '5.0')),
    ('a length beyond 64 bits', post('Content-Length: 18446744073709551621\r\n', b'hello'), 413),
    ('a field folded over lines', get('X-A: b\r\n Transfer-Encoding: chunked\r\n'), 400),
    ('a first field that is folded', get(' X-A: b\r\n', host=''), 400),
    ('a field folded by a tab', get('X-A: b\r\n\tc\r\n'), 400),
    ('a line feed alone behind a field', get('X-A: b\nX-C: d\r\n'), 400),
    ('a line feed alone behind the request line', get(line='GET {path} HTTP/1.1\nX-A: b'), 400),
    ('a carriage return in a value', get('X-A: b\rTransfer-Encoding: chunked\r\n'), 400),
    ('a carriage return in a name', get('X-A\r: b\r\n'), 400),
    ('NUL in a value', get('X-A: b\0c\r\n'), 400),
    ('NUL in a name', get('X-\0A: b\r\n'), 400),
    ('NUL in the target', get(line='GET {path}\0 HTTP/1.1'), 400),
    ('DEL in a value', get('X-A: b\x7fc\r\n'), 400),
    ('a space before the colon', post('Transfer-Encoding : chunked\r\n', LAST_CHUNK), 400),
    ('a field without a name', get(': b\r\n'), 400),
    ('a line that is no field', get('X-A\r\n'), 400),
    ('no Host', get(host=''), 400),
    ('two Hosts', get('Host: localhost\r\n'), 400),
    ('a Host with a path', get(host='Host: localhost/x\r\n'), 400),
    *((f'the coding {coding!r}', post(f'Transfer-Encoding: {coding}\r\n', LAST_CHUNK), 501)
      for coding in ('xchunked', 'chunked, identity', 'identity', 'gzip, chunked', 'chunked;a=b', '"chunked"', '', 'chunked,')),
    ('a coding behind a vertical tab', post('Transfer-Encoding: \x0bchunked\r\n', LAST_CHUNK), 400),
    ('chunks twice', post(TE + TE, LAST_CHUNK), 400),
    ('chunks in HTTP/1.0', lambda server: http1(server.sink, 'POST', TE).replace(b'HTTP/1.1', b'HTTP/1.0') + LAST_CHUNK, 400),
    *((f'the chunk size {size!r}', chunked(size + b'\r\nhello\r\n' + LAST_CHUNK), 400)
      for size in (b'', b'-5', b'+5', b'0x5', b' 5', b'5 ', b'5\t', b'g', b'5;a\nb', b'5;a\rb', b'5\r', b'10000000000000005', b'ffffffffffffffff')),
    ('a line feed alone behind a chunk size', chunked(b'5\nhello\r\n' + LAST_CHUNK), 400),
    ('a line feed alone behind a chunk', chunked(b'5\r\nhello\n' + LAST_CHUNK), 400),
    ('a chunk longer than its size', chunked(b'5\r\nhello!\r\n' + LAST_CHUNK), 400),
    ('chunk extensions without end', chunked(b'5;' + b'a' * 5000 + b'\r\nhello\r\n' + LAST_CHUNK), 400),
    ('a line feed alone behind a trailer', chunked(b'0\r\nX-A: b\n\r\n'), 400),
    ('a trailer that is no field', chunked(b'0\r\nX-A\r\n\r\n'), 400),
    ('trailers without end', chunked(b'0\r\n' + b'X-A: b\r\n' * 5000 + b'\r\n'), 400),
    ('two spaces in the request line', get(line='GET  {path} HTTP/1.1'), 400),
    ('a tab in the request line', get(line='GET\t{path} HTTP/1.1'), 400),
    ('a space behind the version', get(line='GET {path} HTTP/1.1 '), 400),
    ('no version', get(line='GET {path}'), 400),
    *((f'the version {version}', get(line=f'GET {{path}} {version}'), status)
      for version, status in (('http/1.1', 400), ('HTTP/1.10', 400), ('HTTP/11', 400), ('HTTP/2.0', 505), ('HTTP/0.9', 505), ('HTTPS/1.1', 400))),
    ('a target with neither path nor scheme', get(line='GET localhost{path} HTTP/1.1'), 400),
    ('a target of another scheme', get(line='GET gopher://localhost{path} HTTP/1.1'), 400),
    ('a target with a user', get(line='GET http://a@localhost{path} HTTP/1.1'), 400),
    ('a target with a fragment', get(line='GET {path}#a HTTP/1.1'), 400),
    ('CONNECT', get(line='CONNECT localhost:80 HTTP/1.1'), 501),
    ('a method that is no token', get(line='GE(T {path} HTTP/1.1'), 400),
    ('a method longer than any', get(line='G' * 33 + ' {path} HTTP/1.1'), 400),
    ('an expectation that nobody has', get('Expect: 200-ok\r\n'), 417),
    ('a request line without end', get(line='GET {path}?' + 'a' * 17_000 + ' HTTP/1.1'), 414),
    ('a field without end', get('X-A: ' + 'b' * 33_000 + '\r\n'), 431),
    ('fields without end', get('X-A: b\r\n' * 101), 431),
]

# What it is, the request, the statuses of all answers: it is read as it is meant, and so is what follows.
UNDERSTOOD = [
    ('bodies of both kinds in a row', lambda server: post(CL, b'[   ]')(server) + chunked(b'2;a=b\r\n{}\r\n0\r\nX-A: b\r\n\r\n')(server), 2),
    ('a body where none is wanted', lambda server: get(CL)(server) + b'GET /', 1),
    ('chunks in capitals', post('TRANSFER-ENCODING: CHUNKED\r\n', LAST_CHUNK), 1),
    ('an upgrade that nobody asked for', get('Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n'), 1),
]


class Smuggling(Hostile):
    def test_what_two_parsers_could_read_differently_is_refused_and_nothing_behind_it_is_read(self):
        def attack(server, request_of, status):
            with server.peer() as peer:
                peer.send(request_of(server) + SMUGGLED)
                self.assertEqual(peer.statuses(), [status])
        self.each(SMUGGLING, attack)

    def test_over_tls_too(self):
        def attack(server, request_of, status):
            with server.peer(trusting(server.authority)) as peer:
                peer.send(request_of(server) + SMUGGLED)
                self.assertEqual(peer.statuses(), [status])
        self.each(SMUGGLING[::8], attack)

    def test_what_only_looks_odd_is_understood_and_so_is_what_follows(self):
        def attack(server, request_of, count):
            with server.peer() as peer:
                peer.send(request_of(server) + server.get(fields='Connection: close\r\n'))
                statuses = peer.statuses()
                self.assertEqual(len(statuses), count + 1)
                self.assertEqual(statuses[-1], 200)
        self.each(UNDERSTOOD, attack)

    def test_an_absolute_target_is_judged_by_its_own_authority(self):
        """So that a page whose name was bound to our address is refused whichever way it says its name."""
        whole = self.servers[1]
        for target, host, status in [(whole.path, 'evil.example', 403), (f'http://evil.example{whole.path}', 'localhost', 403),
                                     (f'http://localhost{whole.path}', 'evil.example', 200)]:
            with self.subTest(target=target, host=host), whole.peer() as peer:
                peer.send(http1(target, host=host))
                self.assertEqual(peer.answer()[0], status)

    def test_a_preface_in_the_middle_begins_no_http2(self):
        for server in self.servers:
            with server.peer() as peer:
                peer.send(server.get() + PREFACE + settings() + request(1, path=server.path))
                self.assertEqual(peer.statuses(), [200, 505])


class Slow(Hostile):
    @classmethod
    def setUpClass(cls):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 8192)), hard))
        super().setUpClass()

    def beginnings(self, server):
        """What each kind of slow peer says at first, over TLS or not, and then byte by byte."""
        hello = TlsFlights(trusting(server.authority)).hello()
        tls = trusting(server.authority)
        return [
            (None, b'', b'GET / HTTP/1.1'),
            (None, server.get()[:-2], b'X-A: bcdefghijklmnop'),
            (None, server.post(b'x' * 100)[:-99], b'x' * 50),
            (None, server.post(b'x' * 1_000_000)[:-999_999], b'x' * 50),  # together more than the memory for bodies
            (None, hello[:20], hello[20:60]),
            (None, PREFACE[:5], PREFACE[5:]),
            (None, PREFACE + settings() + request()[:12], request()[12:30]),
            (None, PREFACE + settings() + frame(HEADERS, b'', 0, 1), b'\0\0\x10\x09\0\0\0\0\x01' + b'\0' * 16),
            (tls, server.get()[:-2], b'X-A: bcdefghijklmnop'),
            *([(None, http1('/ws', fields=HANDSHAKE) + websocket_frame(TEXT, b'x' * 100)[:7], b'x' * 50)] if server is self.edge else []),
        ]

    def test_hundreds_of_slow_peers_keep_nobody_else_waiting(self):
        for server in self.servers:
            peers = []
            for tls, beginning, drops in self.beginnings(server):
                for _ in range(SLOW_PEERS_OF_A_KIND // (1 if tls is None else 6)):
                    peers.append((server.peer(tls), drops))
                    peers[-1][0].send(beginning)
            self.assertGreaterEqual(server.connections(), len(peers))
            self.assertLess(server.body_bytes(), BODY_BYTES_MAX)
            for turn in range(4):
                for peer, drops in peers:
                    peer.send_blindly(drops[turn:turn + 1])
                self.answers_everywhere(server)
            for peer, _ in peers:
                peer.close()


class Truncation(Hostile):
    """Whatever is cut off, at whichever byte, is not taken for whole."""

    def cut(self, server, whole, succeeded, before=b''):
        for count in range(len(whole)):
            with server.peer() as peer:
                peer.send(before + whole[:count])
                peer.end_of_writing()
                self.assertFalse(succeeded(peer), f'after {count} bytes')
            with server.peer() as peer:
                peer.send(before + whole[:count])
                peer.reset()

    def test_http1(self):
        for server in self.servers:
            def answered(peer):
                return any(status < 400 for status in peer.statuses())
            self.cut(server, server.post(), answered)
            chunks = chunked(b'2\r\n{}\r\n0\r\nX-A: b\r\n\r\n')(server)
            self.cut(server, chunks[-25:], answered, before=chunks[:-25])

    def test_http2(self):
        for server in self.servers:
            whole = PREFACE + settings() + request(1, path=server.path)
            def answered(peer):
                return http2_status(peer.frames(), 1) == 200
            self.cut(server, whole, answered)

    def test_websocket(self):
        handshake = http1('/ws', fields=HANDSHAKE)
        def echoed(peer):
            answer = peer.answer()
            message = peer.message() if answer and answer[0] == 101 else None
            return message is not None and message[0] == TEXT
        self.cut(self.edge, handshake + websocket_frame(TEXT, b'hello'), echoed)

    def test_tls(self):
        """Of both flights: the hello, and the end of the handshake with a request behind it."""
        for server in self.servers:
            for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
                context = trusting(server.authority, minimum_version=version, maximum_version=version)
                hello = TlsFlights(context).hello()
                for count in range(0, len(hello), 1 if version == ssl.TLSVersion.TLSv1_2 else 7):
                    with server.peer() as peer:
                        peer.send(hello[:count])
                        peer.reset() if count % 2 else peer.end_of_writing()
                self.cut_second_flight(server, context)

    def cut_second_flight(self, server, context):
        count, length = 0, 1
        while count < length:
            flights = TlsFlights(context)
            with server.peer() as peer:
                peer.send(flights.hello())
                flight = flights.finish(peer, server.get())
                length = len(flight)
                self.assertGreater(length, 0)
                peer.send(flight[:count])
                peer.reset() if count % 2 else peer.end_of_writing()
            count += 5


class Noise(Hostile):
    def test_tls_that_is_none(self):
        hello = TlsFlights(trusting()).hello()
        record = lambda kind, payload, length=None: bytes([kind, 3, 3]) + (len(payload) if length is None else length).to_bytes(2) + payload
        def attack(server, data):
            with server.peer() as peer:
                peer.send(data)
                peer.end_of_writing()
                self.assertNotIn(b'HTTP/1.1 200', peer.rest())
        self.each([
            ('a record longer than any', record(0x16, b'\1' * 100, 0xffff) + b'\1' * 70_000),
            ('records without content', record(0x16, b'') * 5000),
            ('a hello in records of one byte', b''.join(record(0x16, hello[i:i + 1]) for i in range(5, len(hello)))),
            ('a hello in two', hello[:50] + record(0x15, b'\1\0') + hello[50:]),
            ('a hello that announces 16 MiB', record(0x16, b'\1\xff\xff\xff' + b'\0' * 1000) * 100),
            ('alerts without end', record(0x16, b'') + record(0x15, b'\1\0') * 5000),
            ('data before a handshake', record(0x16, b'\2') + record(0x17, SMUGGLED)),
            ('a heartbeat', hello + record(0x18, b'\1\x40\0')),
            ('a hello twice', hello + hello),
            ('HTTP behind a hello', hello + SMUGGLED),
        ], attack)

    def test_versions_and_protocols_that_nobody_should_speak(self):
        for server in self.servers:
            with self.assertRaisesRegex(ssl.SSLError, 'no application protocol|NO_APPLICATION_PROTOCOL'):
                server.peer(trusting(server.authority, ('spdy/1',)))
            with server.peer(trusting(server.authority)) as peer:
                peer.send(TlsFlights(trusting()).hello())  # TLS within TLS
                self.assertNotIn(b'HTTP/1.1 200', peer.rest())

    def test_chance(self):
        begun = PREFACE + settings()
        for server in self.servers:
            context, hello = trusting(server.authority), TlsFlights(trusting()).hello()
            kinds = [
                lambda noise: (None, noise),
                lambda noise: (None, b'\x16\3\1' + noise),
                lambda noise: (None, self.spoiled(hello)),
                lambda noise: (None, self.spoiled(server.post(b'x' * 50) * 3)),
                lambda noise: (None, chunked(noise)(server)),
                lambda noise: (None, begun + noise),
                lambda noise: (None, self.spoiled(begun + request(1, path=server.path) * 3)),
                lambda noise: (None, begun + request(1, noise[:200], END_HEADERS) + noise),
                lambda noise: (context, noise),
            ]
            for turn in range(40 * len(kinds)):
                tls, data = kinds[turn % len(kinds)](self.chance_bytes(2000))
                with server.peer(tls) as peer:
                    peer.send_blindly(data)
                    peer.reset() if self.random.random() < 0.3 else peer.end_of_writing()
                    if self.random.random() < 0.3 and not peer.ended and peer.socket.fileno() >= 0:
                        peer.rest()

    def spoiled(self, data):
        data = bytearray(data)
        for _ in range(self.random.randrange(1, 6)):
            data[self.random.randrange(len(data))] = self.random.randrange(256)
        return bytes(data)


if __name__ == '__main__':
    unittest.main()
