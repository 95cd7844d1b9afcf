"""The Runtime API as its client, over one kept connection. Written over sockets: each invocation waits for it, and http.client takes longer
to load than all the rest."""
import socket

_PREFIX = '/2018-06-01/runtime'
_READ_BYTES = 64 * 1024


class RuntimeApi:
    def __init__(self, address):
        self._address = address
        self._socket = None
        self._received = bytearray()
        self._unsent = []  # goes with the next request that is waited for
        self._unread = 0  # answers to what was posted and not waited for

    def next(self):
        """The next event: (headers, body)."""
        status, headers, body = self._ask(f'GET {_PREFIX}/invocation/next HTTP/1.1\r\nHost: {self._address}\r\n\r\n'.encode())
        if status != 200:
            raise ConnectionError(f'the Runtime API answered {status} to the request for the next event: {body!r}')
        return headers, body

    # What is answered to a response or an error (that it is too large, for one) is for the platform to tell, and has been told. Posts of an
    # invocation leave together with the request for the next.

    def respond(self, request_id, body, content_type):
        self._post_later(f'/invocation/{request_id}/response', body, f'Content-Type: {content_type}\r\n')

    def fail(self, request_id, body, error_type):
        self._post_later(f'/invocation/{request_id}/error', body, _error_headers(error_type))

    def fail_init(self, body, error_type):
        self._ask(self._post('/init/error', body, _error_headers(error_type)))

    def _post_later(self, path, body, headers):
        self._unsent.append(self._post(path, body, headers))

    def _post(self, path, body, headers):
        head = f'POST {_PREFIX}{path} HTTP/1.1\r\nHost: {self._address}\r\n{headers}Content-Length: {len(body)}\r\n\r\n'
        return head.encode() + body

    def _connect(self):
        host, _, port = self._address.rpartition(':')
        self._socket = socket.create_connection((host, int(port)))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _is_closed(self):
        """Whether nobody is there any more, after a handler that took its time."""
        try:
            return self._socket.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b''
        except BlockingIOError:
            return False
        except OSError:
            return True

    def _ask(self, request):
        if self._socket is None or self._is_closed():
            self._connect()
        self._unread += len(self._unsent)
        self._unsent.append(request)
        message = b''.join(self._unsent)
        self._unsent.clear()
        self._socket.sendall(message)
        while self._unread > 0:
            self._read_answer()
            self._unread -= 1
        return self._read_answer()

    def _read_answer(self):
        received = self._received
        while (end := received.find(b'\r\n\r\n')) < 0:
            self._receive()
        lines = received[:end].decode().split('\r\n')
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(':')
            headers[name.lower()] = value.strip()
        begin = end + 4
        length = int(headers.get('content-length', 0))
        while len(received) < begin + length:
            self._receive()
        body = bytes(received[begin:begin + length])
        del received[:begin + length]
        return int(lines[0][9:12]), headers, body

    def _receive(self):
        part = self._socket.recv(_READ_BYTES)
        if not part:
            raise ConnectionError('the Runtime API closed the connection')
        self._received += part


def _error_headers(error_type):
    name = ''.join(c if ' ' <= c <= '~' else '?' for c in error_type)
    return f'Content-Type: application/json\r\nLambda-Runtime-Function-Error-Type: {name}\r\n'
