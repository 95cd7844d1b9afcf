"""Peers that mean no good, over WebSocket: masks, lengths and bits that are wrong, text that is none, control frames without end."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.hostile import Hostile
from support.peers import BINARY, CLOSE, CONTINUED, HANDSHAKE, PING_FRAME, PONG_FRAME, TEXT, http1, trusting, websocket_frame

PROTOCOL_ERROR, NOT_TEXT, POLICY_VIOLATION, TOO_BIG = 1002, 1007, 1008, 1009

NO_UTF8 = [b'\xc0\x80', b'\xc1\xbf', b'\xe0\x80\x80', b'\xe0\x9f\xbf', b'\xed\xa0\x80', b'\xed\xbf\xbf', b'\xf0\x80\x80\x80', b'\xf4\x90\x80\x80', b'\xf5\x80\x80\x80',
           b'\xff', b'\xfe', b'\x80', b'\xce', b'\xe2\x82', b'\xf0\x9f\x98', b'a\xcea', b'\xf0\x9f\x98a']
BAD_CODES = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535]


def close(code, reason=b''):
    return websocket_frame(CLOSE, code.to_bytes(2) + reason)


def split(data, at):
    return websocket_frame(TEXT, data[:at], fin=False) + websocket_frame(CONTINUED, data[at:])


# What it is, the frames, the code the server closes with.
CLOSED = [
    ('a frame that is not masked', websocket_frame(TEXT, b'hello', mask=None), PROTOCOL_ERROR),
    ('a control frame that is not masked', websocket_frame(PING_FRAME, b'hello', mask=None), PROTOCOL_ERROR),
    ('a second frame that is not masked', websocket_frame(TEXT, b'a', fin=False) + websocket_frame(CONTINUED, b'b', mask=None), PROTOCOL_ERROR),
    *((f'reserved bits {bits}', websocket_frame(TEXT, b'hello', reserved=bits), PROTOCOL_ERROR) for bits in range(1, 8)),
    *((f'reserved bits {bits} of a ping', websocket_frame(PING_FRAME, b'', reserved=bits), PROTOCOL_ERROR) for bits in (1, 4)),
    *((f'the opcode {opcode}', websocket_frame(opcode, b''), PROTOCOL_ERROR) for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)),
    *((f'the length {length}', websocket_frame(BINARY, announced=length), code)
      for length, code in ((1 << 63, PROTOCOL_ERROR), ((1 << 64) - 1, PROTOCOL_ERROR), ((1 << 63) - 1, TOO_BIG), (1 << 32, TOO_BIG), (131_073, TOO_BIG))),
    ('fragments larger than a message together', (websocket_frame(BINARY, b'x' * 65_536, fin=False) + websocket_frame(CONTINUED, b'x' * 65_537)), TOO_BIG),
    ('fragments without end', websocket_frame(BINARY, b'', fin=False) + websocket_frame(CONTINUED, b'', fin=False) * 70_000, {POLICY_VIOLATION, TOO_BIG}),
    *((f'{length} in {form} bits', websocket_frame(BINARY, b'x' * length, length_form=form), PROTOCOL_ERROR) for length, form in ((5, 16), (125, 64), (300, 64))),
    ('a ping in fragments', websocket_frame(PING_FRAME, b'a', fin=False), PROTOCOL_ERROR),
    ('a close in fragments', websocket_frame(CLOSE, b'', fin=False), PROTOCOL_ERROR),
    ('a large ping', websocket_frame(PING_FRAME, b'x' * 126), PROTOCOL_ERROR),
    ('a ping that announces 2^63 - 1', websocket_frame(PING_FRAME, announced=(1 << 63) - 1), PROTOCOL_ERROR),
    ('a continuation of nothing', websocket_frame(CONTINUED, b'x'), PROTOCOL_ERROR),
    ('a message within a message', websocket_frame(TEXT, b'a', fin=False) + websocket_frame(TEXT, b'b'), PROTOCOL_ERROR),
    ('a continuation behind the last', split(b'ab', 1) + websocket_frame(CONTINUED, b'c'), PROTOCOL_ERROR),
    *((f'text that is not UTF-8: {data.hex()}', websocket_frame(TEXT, b'hello ' + data), NOT_TEXT) for data in NO_UTF8),
    *((f'text that is not UTF-8: {data.hex()}, split at {at}', split(data, at), NOT_TEXT) for data in NO_UTF8 for at in range(len(data) + 1)),
    ('a close of one byte', websocket_frame(CLOSE, b'\x03'), PROTOCOL_ERROR),
    *((f'a close with {code}', close(code), PROTOCOL_ERROR) for code in BAD_CODES),
    *((f'a close with a reason that is not UTF-8: {data.hex()}', close(1000, data), NOT_TEXT) for data in NO_UTF8[:6]),
    ('a message behind a close', close(1000) + websocket_frame(TEXT, b'\xff'), 1000),
    ('noise behind a close', close(4999, b'bye') + b'\xff' * 100_000, 4999),
]


class WebSocket(Hostile):
    def connect(self, tls=None, **more):
        peer = self.edge.peer(tls, **more)
        peer.send(http1('/ws', fields=HANDSHAKE))
        self.assertEqual(peer.answer()[0], 101)
        return peer

    def test_what_breaks_the_protocol_is_closed_with_its_code(self):
        for name, data, code in CLOSED:
            with self.subTest(name), self.connect() as peer:
                peer.send(data)
                self.assertIn(peer.close_code(), code if isinstance(code, set) else {code})

    def test_over_tls_too(self):
        for name, data, code in CLOSED[::10]:
            with self.subTest(name), self.connect(trusting(self.edge.authority)) as peer:
                peer.send(data)
                self.assertIn(peer.close_code(), code if isinstance(code, set) else {code})

    def test_what_is_only_odd_is_echoed(self):
        text = 'κόσμε 😀'.encode()
        for at in range(len(text) + 1):
            with self.connect() as peer:
                peer.send(split(text, at) + close(1000))
                self.assertEqual(peer.message(), (TEXT, text))
                self.assertEqual(peer.close_code(), 1000)
        with self.connect() as peer:
            peer.send(websocket_frame(TEXT, b'', mask=b'\0\0\0\0') + websocket_frame(PONG_FRAME, b'unasked') + websocket_frame(BINARY, b'\xff'))
            self.assertEqual([peer.message(), peer.message()], [(TEXT, b''), (BINARY, b'\xff')])

    def test_control_frames_without_end_keep_nobody_else_waiting(self):
        for opcode in (PING_FRAME, PONG_FRAME):
            with self.connect(receive_buffer_bytes=4096) as peer:
                peer.send_blindly(websocket_frame(opcode, b'x' * 125) * 50_000)
                self.answers_everywhere(self.edge)

    def test_messages_that_are_never_whole_are_not_kept_for_ever(self):
        peers = [self.connect() for _ in range(300)]
        for peer in peers:
            peer.send_blindly(websocket_frame(BINARY, b'x' * 100_000, announced=131_072))
        self.answers_everywhere(self.edge)
        for i, peer in enumerate(peers):
            peer.reset() if i % 2 else peer.close()

    def test_what_is_no_handshake_opens_nothing(self):
        for server in self.servers:
            for fields in (HANDSHAKE.replace('13', '8'), HANDSHAKE.replace('AQID', ''), HANDSHAKE + HANDSHAKE[22:], HANDSHAKE.replace('websocket', 'h2c'),
                           HANDSHAKE + 'Content-Length: 5\r\n'):
                with self.subTest(fields), server.peer() as peer:
                    peer.send(http1('/ws', fields=fields) + b'hello' + websocket_frame(TEXT, b'hello') + close(1000))
                    peer.end_of_writing()
                    self.assertNotIn(101, peer.statuses())

    def test_chance(self):
        for turn in range(200):
            with self.connect(trusting(self.edge.authority) if turn % 10 == 0 else None) as peer:
                noise = self.chance_bytes(2000)
                whole = bytearray(websocket_frame(TEXT, noise[:50]) * 3 + websocket_frame(PING_FRAME) + close(1000))
                whole[self.random.randrange(len(whole))] ^= 1 << self.random.randrange(8)
                peer.send_blindly(noise if turn % 2 else whole)
                peer.reset() if turn % 3 == 0 else peer.end_of_writing()


if __name__ == '__main__':
    unittest.main()
