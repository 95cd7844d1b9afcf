"""Starts an Outcrop for a test and stops it; nothing here sleeps: it waits for the server's own word."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
START_SECONDS_MAX = 60  # a sanitizer build on a busy machine


def binary(variable='OUTCROP_BIN'):
    path = os.environ.get(variable)
    if not path:
        sys.exit(f'{variable} names no program')
    return path


def skip(reason):
    """Ends the test as skipped (ctest's SKIP_RETURN_CODE), aloud."""
    print(f'SKIPPED: {reason}', file=sys.stderr)
    sys.exit(77)


class Server:
    """A running server, which says "ready" and its endpoint."""

    def __init__(self, *command, env=None):
        self.command = command
        self.env = {**os.environ, **(env or {})}
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.env)
        self.log = []
        self.log_reader = threading.Thread(target=self._read_log, daemon=True)
        self.log_reader.start()
        timer = threading.Timer(START_SECONDS_MAX, self.process.kill)
        timer.start()
        line = self.process.stdout.readline().split()
        timer.cancel()
        if len(line) != 2 or line[0] != 'ready':
            self.kill()
            raise RuntimeError('the server did not start:\n' + ''.join(self.log))
        self.endpoint = line[1]

    def _read_log(self):
        for line in self.process.stderr:
            self.log.append(line)

    def request(self, path, method='GET', body=None, headers=None):
        """An HTTP request; gives (status, headers, body bytes), also for errors."""
        request = urllib.request.Request(self.endpoint + path, data=body, method=method, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, response.headers, response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.wait()

    def stop(self):
        """SIGTERM; gives the exit status."""
        self.process.terminate()
        return self.wait()

    def wait(self, seconds=30):
        """Its exit status and the rest of its log, once it has ended; one that does not end is killed."""
        try:
            status = self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        finally:
            self.log_reader.join()
            self.process.stdout.close()
            self.process.stderr.close()
        return status

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()


class Outcrop(Server):
    """`arguments` go to `outcrop serve`; the port is a free one unless they say otherwise."""

    def __init__(self, *arguments, data=':memory:', listen='127.0.0.1:0', env=None):
        super().__init__(binary(), 'serve', '--listen', listen, '--data', str(data), *arguments, env=env)

    def admin(self, path, method='POST', **body):
        status, _, answer = self.request('/_outcrop/' + path, method, json.dumps(body).encode() if body else b'')
        if status >= 300:
            raise RuntimeError(f'{path}: {status} {answer!r}')
        return json.loads(answer) if answer else {}


class EdgeServer(Server):
    """tests/edges/edge_server.cc, with `arguments`."""

    def __init__(self, *arguments, env=None):
        super().__init__(binary('OUTCROP_EDGE_SERVER'), *arguments, env=env)
