"""Peers that mean no good, over HTTP/2: frames that are not what they say, floods that bring no work, streams that are reset as fast as they
begin, windows that never open, and header fields that are small on the wire and large in memory."""
import pathlib
import struct
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.hostile import Hostile
from support.peers import (ACK, COMPRESSION_ERROR, CONTINUATION, DATA, END_HEADERS, END_STREAM, ENHANCE_YOUR_CALM, FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR, GOAWAY,
                           HEADERS, NO_ERROR, PADDED, PING, PREFACE, PRIORITY, PROTOCOL_ERROR, PUSH_PROMISE, REFUSED_STREAM, RST_STREAM, SETTINGS,
                           WINDOW_UPDATE, error_of, field, frame, hpack_integer, outcome, request, request_fields, settings,
                           trusting)

INITIAL_WINDOW_SIZE, MAX_FRAME_SIZE, ENABLE_PUSH = 4, 5, 2
OPEN = END_HEADERS  # a request whose body is to come
UNREAD = dict(flags=OPEN, method='POST', path='/stream?n=2&gate=never')  # of the edge server: nobody reads its body
STREAMS_MAX = 128


def number(value):
    return value.to_bytes(4)


def body_of(frames):
    return lambda server: request(flags=OPEN, method='POST', path=server.sink, more=server.http2_sink_fields) + frames


# What it is, the frames, the code of the GOAWAY that ends the connection.
ENDS_THE_CONNECTION = [
    ('a frame longer than allowed', request(flags=OPEN) + frame(DATA, b'x' * 16_385, 0, 1), FRAME_SIZE_ERROR),
    ('a frame that announces 16 MiB', frame(SETTINGS, length=0xffffff), FRAME_SIZE_ERROR),
    ('a header frame longer than allowed', frame(HEADERS, b'x' * 20_000, OPEN, 1), FRAME_SIZE_ERROR),
    ('settings on a stream', frame(SETTINGS, stream=1), PROTOCOL_ERROR),
    ('settings cut off', frame(SETTINGS, b'\0\0\0\0\0'), FRAME_SIZE_ERROR),
    ('an acknowledgement with content', frame(SETTINGS, b'\0' * 6, ACK), FRAME_SIZE_ERROR),
    ('a window beyond 31 bits', settings((INITIAL_WINDOW_SIZE, 1 << 31)), FLOW_CONTROL_ERROR),
    ('frames smaller than allowed', settings((MAX_FRAME_SIZE, 100)), PROTOCOL_ERROR),
    ('a push that is neither on nor off', settings((ENABLE_PUSH, 2)), PROTOCOL_ERROR),
    ('a ping cut off', frame(PING, b'\0' * 7), FRAME_SIZE_ERROR),
    ('a ping on a stream', frame(PING, b'\0' * 8, stream=1), PROTOCOL_ERROR),
    ('a reset of a stream that never began', frame(RST_STREAM, number(8), stream=1), PROTOCOL_ERROR),
    ('a reset of the connection', frame(RST_STREAM, number(8)), PROTOCOL_ERROR),
    ('a reset cut off', request(flags=OPEN) + frame(RST_STREAM, b'\0\0\0', stream=1), FRAME_SIZE_ERROR),
    ('a window that grows by nothing', frame(WINDOW_UPDATE, number(0)), PROTOCOL_ERROR),
    ('a window that overflows', frame(WINDOW_UPDATE, number((1 << 31) - 1)) * 2, FLOW_CONTROL_ERROR),
    ('data on the connection', frame(DATA, b'x'), PROTOCOL_ERROR),
    ('data on a stream that never began', frame(DATA, b'x', stream=1), PROTOCOL_ERROR),
    ('padding longer than its frame', request(flags=OPEN) + frame(DATA, b'\x09x', PADDED, 1), PROTOCOL_ERROR),
    ('a request on the connection', frame(HEADERS, request_fields(), OPEN, 0), PROTOCOL_ERROR),
    ('a request on a stream of the server', request(2), PROTOCOL_ERROR),
    ('a continuation of nothing', frame(CONTINUATION, b'', END_HEADERS, 1), PROTOCOL_ERROR),
    ('a ping within a head', request(flags=0) + frame(PING, b'\0' * 8), PROTOCOL_ERROR),
    ('another stream within a head', request(flags=0) + request(3), PROTOCOL_ERROR),
    ('a continuation of another stream', request(flags=0) + frame(CONTINUATION, b'', END_HEADERS, 3), PROTOCOL_ERROR),
    ('a push from the client', request(flags=OPEN) + frame(PUSH_PROMISE, number(2) + request_fields(), END_HEADERS, 1), PROTOCOL_ERROR),
    ('an index of nothing', request(more=b'\x80'), COMPRESSION_ERROR),
    ('an index beyond the table', request(more=hpack_integer(1000, 7, 0x80)), COMPRESSION_ERROR),
    ('a table larger than allowed', frame(HEADERS, hpack_integer(1 << 20, 5, 0x20) + request_fields(), OPEN | END_STREAM, 1), COMPRESSION_ERROR),
    ('an integer without end', request(more=b'\xff' * 20), COMPRESSION_ERROR),
    ('a string longer than its frame', request(more=b'\0\x7f\xff\xff\x03abc'), COMPRESSION_ERROR),
    ('Huffman codes padded with zeros', request(more=b'\0\x01x\x81\x00'), COMPRESSION_ERROR),
    ('Huffman codes of the end of the string', request(more=b'\0\x01x\x84\xff\xff\xff\xff'), COMPRESSION_ERROR),
    # Floods: what brings no work.
    ('resets', b''.join(request(i) + frame(RST_STREAM, number(8), stream=i) for i in range(1, 6001, 2)), ENHANCE_YOUR_CALM),
    ('resets that the server is made to send', b''.join(request(i, flags=OPEN) + frame(WINDOW_UPDATE, number((1 << 31) - 1), stream=i) for i in range(1, 6001, 2)), ENHANCE_YOUR_CALM),
    ('pings', frame(PING, b'\0' * 8) * 5000, ENHANCE_YOUR_CALM),
    ('settings', settings((INITIAL_WINDOW_SIZE, 70_000)) * 5000, ENHANCE_YOUR_CALM),
    ('priorities', frame(PRIORITY, b'\0' * 5, stream=1) * 5000, ENHANCE_YOUR_CALM),
    ('data without data', body_of(frame(DATA, b'', stream=1) * 5000), ENHANCE_YOUR_CALM),
    ('padding without data', body_of(frame(DATA, b'\3' + b'\0' * 3, PADDED, 1) * 5000), ENHANCE_YOUR_CALM),
    # Small on the wire and large in memory.
    ('a field repeated by its index', request(more=field('x-large', 'a' * 4000, 0x40) + b'\xbe' * 10_000), ENHANCE_YOUR_CALM),
]

# What it is, the fields behind or instead of proper ones: the request is refused, by a reset or by a status.
REFUSALS = {0, 400, f'reset {PROTOCOL_ERROR}'}  # 0: 431 and other statuses that HPACK has no name for
BAD_HEADS = [
    ('no path', request_fields().replace(field(':path', '/hello'), b'')),
    ('no method', request_fields().replace(field(':method', 'GET'), b'')),
    ('no scheme', request_fields().replace(field(':scheme', 'http'), b'')),
    ('an empty path', request_fields(path='')),
    ('a path without a slash', request_fields(path='hello')),
    ('a path with a space', request_fields(path='/hello HTTP/1.1\r\nX-A:')),
    ('two paths', request_fields() + field(':path', '/hello')),
    ('two methods', request_fields() + field(':method', 'GET')),
    ('an unknown pseudo field', request_fields() + field(':hello', 'x')),
    ('a status', request_fields() + field(':status', '200')),
    ('a pseudo field behind others', field('x-a', 'b') + request_fields()),
    ('a name in capitals', request_fields() + field('X-A', 'b')),
    ('an empty name', request_fields() + field('', 'b')),
    ('a name with a colon', request_fields() + field('x:a', 'b')),
    ('a name with a space', request_fields() + field('x a', 'b')),
    ('a line end in a value', request_fields() + field('x-a', 'b\r\nx-c: d')),
    ('NUL in a value', request_fields() + field('x-a', 'b\0c')),
    ('NUL in the authority', request_fields(authority='local\0host')),
    ('a path in the authority', request_fields(authority='localhost/x')),
    ('a user in the authority', request_fields(authority='a@localhost')),
    ('a Host that says otherwise', request_fields() + field('host', 'evil.example')),
    ('two lengths', request_fields() + field('content-length', '0') + field('content-length', '5')),
    ('a length that is none', request_fields() + field('content-length', '+0')),
    ('a length of what does not come', request_fields() + field('content-length', '5')),
    ('connection', request_fields() + field('connection', 'close')),
    ('keep-alive', request_fields() + field('keep-alive', '5')),
    ('proxy-connection', request_fields() + field('proxy-connection', 'close')),
    ('upgrade', request_fields() + field('upgrade', 'websocket')),
    ('transfer-encoding', request_fields() + field('transfer-encoding', 'chunked')),
    ('te other than trailers', request_fields() + field('te', 'gzip')),
    ('CONNECT', field(':method', 'CONNECT') + field(':authority', 'localhost:80')),
    ('fields without end', request_fields() + field('x-a', 'b') * 101),
    ('a field larger than allowed', request_fields() + field('x-a', 'b' * 40_000)),
]


class Http2(Hostile):
    def ends(self, server, data, code, tls=None):
        frames = self.talk(server, data(server) if callable(data) else data, tls)
        self.assertEqual(error_of(frames, GOAWAY), code)

    def test_what_breaks_the_protocol_ends_the_connection_and_floods_do(self):
        self.each(ENDS_THE_CONNECTION, self.ends)

    def test_over_tls_too(self):
        self.each(ENDS_THE_CONNECTION[::6], lambda server, data, code: self.ends(server, data, code, trusting(server.authority, ('h2',))))

    def test_a_bad_head_is_refused_and_the_connection_goes_on(self):
        def attack(server, fields):
            pieces = [fields[i:i + 16_000] for i in range(0, len(fields), 16_000)]
            head = b''.join(frame(CONTINUATION if i else HEADERS, piece, (0 if i else END_STREAM) | (END_HEADERS if i == len(pieces) - 1 else 0), 1)
                            for i, piece in enumerate(pieces))
            frames = self.talk_until(server, head + request(3, path=server.path), lambda frames: outcome(frames, 1) is not None and outcome(frames, 3) is not None)
            self.assertIn(outcome(frames, 1), REFUSALS)
            self.assertEqual(outcome(frames, 3), 200)
        self.each(BAD_HEADS, attack)

    def test_a_stream_below_the_last_is_not_looked_at(self):
        for server in self.servers:
            frames = self.talk_until(server, request(5, path=server.path) + request(3, path=server.path) + request(7, path=server.path),
                                     lambda frames: outcome(frames, 5) and outcome(frames, 7))
            self.assertEqual([outcome(frames, stream) for stream in (3, 5, 7)], [None, 200, 200])

    def test_frames_that_nobody_knows_are_ignored(self):
        for server in self.servers:
            frames = self.talk_until(server, frame(0x77, b'x' * 100, 0xff, 1) * 1000 + request(1, path=server.path), lambda frames: outcome(frames, 1))
            self.assertEqual(outcome(frames, 1), 200)

    def test_heads_that_go_on_for_ever_end_the_connection(self):
        def attack(server, piece, count):
            frames = self.talk(server, request(flags=0) + frame(CONTINUATION, piece, stream=1) * count)
            self.assertEqual(error_of(frames, GOAWAY), ENHANCE_YOUR_CALM)
        self.each([('of nothing', b'', 20_000), ('of fields', field('x-a', 'b' * 100) * 100, 2000), ('of one large field', field('x-a', 'b' * 16_000), 2000)], attack)

    def test_streams_beyond_the_limit_are_refused(self):
        streams = range(1, 4 * STREAMS_MAX, 2)
        for server in self.servers:
            opened = b''.join(request(i, flags=OPEN, method='POST', path=server.sink, more=server.http2_sink_fields) for i in streams)
            frames = self.talk_until(server, opened, lambda frames: sum(outcome(frames, i) is not None for i in streams[-8:]) == 8)
            self.assertEqual({outcome(frames, i) for i in streams[:STREAMS_MAX]}, {None})
            self.assertEqual({outcome(frames, i) for i in streams[-8:]}, {f'reset {REFUSED_STREAM}'})

    def test_more_than_its_window_resets_the_stream(self):
        frames = self.talk_until(self.edge, request(**UNREAD) + frame(DATA, b'x' * 16_000, stream=1) * 5, lambda frames: outcome(frames, 1))
        self.assertEqual(outcome(frames, 1), f'reset {FLOW_CONTROL_ERROR}')

    def test_windows_that_overflow_by_settings_reset_their_streams(self):
        grown = request(**UNREAD) + frame(WINDOW_UPDATE, number((1 << 31) - 1 - 65_535), stream=1) + settings((INITIAL_WINDOW_SIZE, 70_000))
        frames = self.talk_until(self.edge, grown, lambda frames: outcome(frames, 1) or error_of(frames, GOAWAY))
        self.assertIn(FLOW_CONTROL_ERROR, [error_of(frames, GOAWAY), error_of(frames, RST_STREAM)])

    def test_windows_that_never_open_hold_what_they_asked_for_and_nothing_else(self):
        for server in self.servers:
            peers = []
            for i in range(4):  # whose answers the server must hold: 128 each, and of the program each is 64 KiB
                peers.append(server.peer(receive_buffer_bytes=4096))
                shut = settings((INITIAL_WINDOW_SIZE, 0)) if i % 2 else settings()
                path = '/stream?n=1000000' if server is self.edge else '/_outcrop/metrics'
                peers[-1].send_blindly(PREFACE + shut + b''.join(request(stream, path=path) for stream in range(1, 2 * STREAMS_MAX, 2)))
            self.answers_everywhere(server)
            self.assertGreater(server.connections(), len(peers))
            for peer in peers[::3]:
                peer.send_blindly(frame(WINDOW_UPDATE, number(1)) * 1000)
            self.answers_everywhere(server)
            for i, peer in enumerate(peers):
                peer.reset() if i % 2 else peer.close()

    def test_floods_that_read_nothing_are_held_back(self):
        """Whoever takes no answers can ask for no more than the sockets hold."""
        for server in self.servers:
            for data in (frame(PING, b'\0' * 8), settings(), request(1, path=server.path)[:9] + request_fields(path=server.path)):
                with server.peer(receive_buffer_bytes=4096) as peer:
                    peer.send_blindly(PREFACE + settings() + data * 50_000)
                    self.answers_everywhere(server)

    def test_a_client_that_goes_away_within_its_requests_leaves_nothing_behind(self):
        for server in self.servers:
            for i in range(100 if server is self.edge else 20):  # its metrics are half a megabyte, made for each request
                with server.peer() as peer:
                    goodbye = frame(GOAWAY, number(0) + number(NO_ERROR)) if i % 3 else b''
                    path = '/stream?n=100000' if server is self.edge else '/_outcrop/metrics'
                    peer.send(PREFACE + settings() + b''.join(request(stream, path=path) for stream in range(1, 41, 2)) + goodbye)
                    if i % 2:
                        peer.reset()


if __name__ == '__main__':
    unittest.main()
