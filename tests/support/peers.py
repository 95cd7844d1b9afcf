"""Peers that say exactly what a test wants said, on raw sockets: HTTP/1.1, HTTP/2 frames, WebSocket frames, TLS records.
None of this is a client's code: a client would refuse to say most of it. Every wait has a bound."""
import select
import socket
import ssl
import struct
import time

SECONDS_MAX = 30  # for what takes no time; a sanitizer build on a busy machine


class Peer:
    """One connection. `tls`: an ssl.SSLContext."""

    def __init__(self, address, tls=None, receive_buffer_bytes=None):
        self.socket = socket.socket()
        if receive_buffer_bytes:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer_bytes)
        self.socket.settimeout(SECONDS_MAX)
        self.socket.connect(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b''
        self.ended = False
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_hostname='localhost')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def send(self, data):
        """Sends all of it while it keeps what comes, so that neither side waits for the other; stops when the server ends."""
        data = memoryview(data)
        deadline = time.monotonic() + SECONDS_MAX
        self.socket.setblocking(False)
        try:
            while data and not self.ended:
                if time.monotonic() > deadline:
                    raise TimeoutError('the server takes nothing')
                readable, writable, _ = select.select([self.socket], [self.socket], [], 1)
                if readable:
                    self.keep()
                if writable:
                    data = data[self.send_some(data):]
        finally:
            self.socket.settimeout(SECONDS_MAX)

    def send_blindly(self, data):
        """As send, and reads nothing; gives how much the server took before it took no more."""
        self.socket.setblocking(False)
        sent = 0
        while sent < len(data) and select.select([], [self.socket], [], 0.2)[1]:
            taken = self.send_some(memoryview(data)[sent:sent + 65536])
            if self.ended:
                break
            sent += taken
        self.socket.settimeout(SECONDS_MAX)
        return sent

    def send_some(self, data):
        try:
            return self.socket.send(data)
        except (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError):
            return 0
        except OSError:
            self.ended = True
            return 0

    def keep(self):
        try:
            data = self.socket.recv(65536)
        except (BlockingIOError, ssl.SSLWantReadError):
            return
        except TimeoutError:
            raise TimeoutError(f'the server says no more than {self.received[-300:]!r}') from None
        except OSError:
            data = b''
        self.ended |= not data
        self.received += data

    def take(self, count):
        """So many bytes, or fewer at the end."""
        while len(self.received) < count and not self.ended:
            self.keep()
        data, self.received = self.received[:count], self.received[count:]
        return data

    def rest(self):
        """Everything up to the server's end of the connection."""
        while not self.ended:
            self.keep()
        return self.take(len(self.received))

    def end_of_writing(self):
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.ended = True

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self.close()

    def close(self):
        self.socket.close()

    # --- HTTP/1.1

    def answer(self):
        """Status and body of an answer that tells its length or is chunked; None where the connection ended instead."""
        while b'\r\n\r\n' not in self.received and not self.ended:
            self.keep()
        head, found, _ = self.received.partition(b'\r\n\r\n')
        if not found:
            return None
        self.take(len(head) + 4)
        fields = dict(line.lower().split(b': ', 1) for line in head.split(b'\r\n')[1:])
        status = int(head.split(b' ')[1])
        if status == 101 or status == 204:
            return status, b''
        if b'content-length' in fields:
            return status, self.take(int(fields[b'content-length']))
        body = b''
        while size := int(self.line() or b'0', 16):
            body += self.take(size)
            self.line()
        self.line()
        return status, body

    def line(self):
        while b'\r\n' not in self.received and not self.ended:
            self.keep()
        line, _, _ = self.received.partition(b'\r\n')
        self.take(len(line) + 2)
        return line

    def statuses(self):
        """Of all answers up to the end of the connection."""
        statuses = []
        while answer := self.answer():
            statuses.append(answer[0])
        return statuses

    # --- HTTP/2

    def frame(self):
        """The next frame as (type, flags, stream, payload); None at the end."""
        head = self.take(9)
        if len(head) < 9:
            return None
        length, kind, flags, stream = int.from_bytes(head[:3]), head[3], head[4], int.from_bytes(head[5:])
        return kind, flags, stream, self.take(length)

    def frames(self):
        """Up to the end of the connection or the answer to last_word()."""
        frames = []
        while (frame := self.frame()) and not (frame[0] == PING and frame[1] & ACK and frame[3] == LAST_WORD):
            frames.append(frame)
        return frames

    # --- WebSocket

    def message(self):
        """The server's next frame as (opcode, payload); None at the end."""
        head = self.take(2)
        if len(head) < 2:
            return None
        length = head[1] & 127
        if length > 125:
            length = int.from_bytes(self.take(2 if length == 126 else 8))
        return head[0] & 15, self.take(length)

    def close_code(self):
        """Of the close frame that ends what the server says; None when it ends without one."""
        while message := self.message():
            if message[0] == CLOSE:
                return int.from_bytes(message[1][:2])
        return None


def http1(path='/hello', method='GET', fields='', body=b'', host='localhost'):
    length = f'Content-Length: {len(body)}\r\n' if body else ''
    return f'{method} {path} HTTP/1.1\r\nHost: {host}\r\n{length}{fields}\r\n'.encode() + body


# --- HTTP/2: RFC 9113

DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM = ACK = 1
END_HEADERS, PADDED = 4, 8
NO_ERROR, PROTOCOL_ERROR, _, FLOW_CONTROL_ERROR, _, STREAM_CLOSED, FRAME_SIZE_ERROR, REFUSED_STREAM, CANCEL, COMPRESSION_ERROR, _, ENHANCE_YOUR_CALM = range(12)
PREFACE = b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
LAST_WORD = b'lastword'


def frame(kind, payload=b'', flags=0, stream=0, length=None):
    return (len(payload) if length is None else length).to_bytes(3) + bytes([kind, flags]) + stream.to_bytes(4) + payload


def settings(*pairs):
    return frame(SETTINGS, b''.join(struct.pack('>HI', name, value) for name, value in pairs))


def last_word():
    return frame(PING, LAST_WORD)


def hpack_integer(value, bits, first=0):
    if value < (1 << bits) - 1:
        return bytes([first | value])
    out, value = bytearray([first | (1 << bits) - 1]), value - (1 << bits) + 1
    while value >= 128:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out) + bytes([value])


def field(name, value, first=0):
    """A literal, not Huffman coded; first 0x40: to be remembered."""
    name, value = (text if isinstance(text, bytes) else text.encode() for text in (name, value))
    return bytes([first]) + hpack_integer(len(name), 7) + name + hpack_integer(len(value), 7) + value


def request_fields(path='/hello', method='GET', authority='localhost', scheme='http'):
    return field(':method', method) + field(':scheme', scheme) + field(':path', path) + field(':authority', authority)


def request(stream=1, more=b'', flags=END_STREAM | END_HEADERS, **head):
    return frame(HEADERS, request_fields(**head) + more, flags, stream)


STATUSES = {0x88: 200, 0x89: 204, 0x8a: 206, 0x8b: 304, 0x8c: 400, 0x8d: 404, 0x8e: 500}  # RFC 7541, appendix A


def http2_status(frames, stream):
    """Of the answer on a stream: 0 for one that is not in HPACK's static table, None where there is none."""
    for kind, _, id, payload in frames:
        if kind == HEADERS and id == stream:
            fields = payload.lstrip(bytes(range(0x20, 0x40)))  # changes of the table's size
            return STATUSES.get(fields[0], 0)
    return None


def outcome(frames, stream):
    """What became of a stream: its status, once its answer is whole, or the code of its reset as "reset CODE"; None: nothing yet."""
    for kind, flags, id, payload in frames:
        if id == stream and kind == RST_STREAM:
            return f'reset {int.from_bytes(payload)}'
        if id == stream and kind in (HEADERS, DATA) and flags & END_STREAM:
            return http2_status(frames, stream)
    return None


def error_of(frames, kind):
    """The code of the last GOAWAY or the first RST_STREAM; None where there is none."""
    codes = [int.from_bytes(payload[4:8] if kind == GOAWAY else payload) for type, _, _, payload in frames if type == kind]
    return (codes[-1] if kind == GOAWAY else codes[0]) if codes else None


# --- WebSocket: RFC 6455

CONTINUED, TEXT, BINARY, CLOSE, PING_FRAME, PONG_FRAME = 0, 1, 2, 8, 9, 10
HANDSHAKE = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n'


def websocket_frame(opcode, payload=b'', fin=True, reserved=0, mask=b'\x01\x82\x03\xff', announced=None, length_form=None):
    """`announced`: a length that is not the payload's; `length_form`: 7, 16 or 64 bits, where not the shortest; mask None: not masked."""
    length = len(payload) if announced is None else announced
    form = length_form or (7 if length < 126 else 16 if length < 1 << 16 else 64)
    masked = 0x80 if mask is not None else 0
    head = bytes([(0x80 if fin else 0) | reserved << 4 | opcode])
    if form == 7:
        head += bytes([masked | length])
    else:
        head += bytes([masked | (126 if form == 16 else 127)]) + length.to_bytes(form // 8)
    if mask is None:
        return head + payload
    repeated = (mask * (len(payload) // 4 + 1))[:len(payload)]
    return head + mask + bytes(a ^ b for a, b in zip(payload, repeated))


# --- TLS


def trusting(authority=None, protocols=('http/1.1',), **versions):
    """A context that trusts the PEM text of an authority; None: anybody."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if authority:
        context.load_verify_locations(cadata=authority)
    else:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if protocols:
        context.set_alpn_protocols(list(protocols))
    for name, version in versions.items():
        setattr(context, name, version)
    return context


class TlsFlights:
    """A client whose records a test carries itself."""

    def __init__(self, context):
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_hostname='localhost')

    def hello(self):
        try:
            self.tls.do_handshake()
        except ssl.SSLWantReadError:
            pass
        return self.outgoing.read()

    def finish(self, peer, request):
        """What follows the server's answer to the hello: the end of the handshake, and the request where it may be said already."""
        while True:
            peer.keep()
            self.incoming.write(peer.take(len(peer.received)))
            try:
                self.tls.do_handshake()
                self.tls.write(request)
                return self.outgoing.read()
            except ssl.SSLWantReadError:
                flight = self.outgoing.read()
                if flight or peer.ended:
                    return flight
