"""Rows of the transports: HTTP/2, TLS, and what an idle connection of each kind keeps. bench/run calls them with its own Server."""
import os
import pathlib
import re
import socket
import ssl
import statistics
import subprocess
import tempfile

HEALTH = '/_outcrop/health'
# A client's preface, empty SETTINGS, and GET of the health route with literal fields (RFC 9113, RFC 7541).
HTTP2_PREFACE = b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' + b'\0\0\0\4\0\0\0\0\0'


def http2_get():
    block = b'\x82\x86' + b'\x44' + bytes([len(HEALTH)]) + HEALTH.encode() + b'\x41\x09localhost'
    return HTTP2_PREFACE + len(block).to_bytes(3) + b'\1\5' + (1).to_bytes(4) + block


def cpu_s(process):
    fields = pathlib.Path(f'/proc/{process.pid}/stat').read_text().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def h2load(url, seconds, *more):
    """Requests a second."""
    out = subprocess.run(['h2load', '-t1', *more, *([] if '-n' in ''.join(more) else [f'-D{seconds:.0f}']), url], capture_output=True, text=True, timeout=120).stdout
    assert ' 0 failed' in out, out
    return float(re.search(r'finished in [\d.]+m?s, ([\d.]+) req/s', out)[1])


def handshakes(server, seconds, kind):
    """Connections a second of openssl's client, and the server's CPU for each in microseconds."""
    before = cpu_s(server.process)
    command = ['openssl', 's_time', '-connect', f'127.0.0.1:{server.port}', '-time', str(int(seconds)), *kind]
    out = subprocess.run(command, capture_output=True, text=True, timeout=60).stdout
    count, elapsed = re.findall(r'(\d+) connections in (\d+) real seconds', out)[-1]
    return int(count) / int(elapsed), (cpu_s(server.process) - before) * 1e6 / int(count)


def idle_kib(Server, count, connect):
    """Anonymous memory for each of so many connections that have served a request and wait for another."""
    with Server() as server:
        server.sqs('ListQueues')
        connect(server).close()
        before = server.memory()[1]
        held = [connect(server) for _ in range(count)]
        after = server.memory()[1]
        for one in held:
            one.close()
    return (after - before) * 1024 / count


def connect_http1(server):
    connection = socket.create_connection(('127.0.0.1', server.port), timeout=30)
    connection.sendall(f'GET {HEALTH} HTTP/1.1\r\nHost: localhost\r\n\r\n'.encode())
    assert connection.recv(65536).startswith(b'HTTP/1.1 200')
    return connection


def connect_http2(server):
    connection = socket.create_connection(('127.0.0.1', server.port), timeout=30)
    connection.sendall(http2_get())
    received = b''
    while b'uptimeSeconds' not in received:  # the end of the health route's answer
        more = connection.recv(65536)
        assert more, 'the server ended the connection'
        received += more
    connection.sendall(b'\0\0\0\4\1\0\0\0\0')
    return connection


def connect_tls(server, context=ssl._create_unverified_context()):
    connection = context.wrap_socket(socket.create_connection(('127.0.0.1', server.port), timeout=30))
    connection.sendall(f'GET {HEALTH} HTTP/1.1\r\nHost: localhost\r\n\r\n'.encode())
    assert connection.recv(65536).startswith(b'HTTP/1.1 200')
    return connection


def measure(row, Server, wrk, seconds, rounds):
    conditions = f'health route, one thread of load, {rounds} rounds of {seconds:.0f} s in turn, median'
    with Server() as server:
        plain, secure = f'http://127.0.0.1:{server.port}{HEALTH}', f'https://127.0.0.1:{server.port}{HEALTH}'
        kinds = {
            'HTTP/1.1 requests, 64 connections': lambda: wrk(plain),
            'HTTP/2 requests, 8 connections of 32 streams': lambda: h2load(plain, seconds, '-c8', '-m32'),
            'HTTP/2 requests, 64 connections of one stream': lambda: h2load(plain, seconds, '-c64', '-m1'),
            'HTTPS requests, 64 connections': lambda: wrk(secure),
        }
        runs = {name: [] for name in kinds}
        cost = {name: [] for name in kinds}
        for _ in range(rounds):
            for name, run in kinds.items():
                before = cpu_s(server.process)
                rate = run()
                runs[name].append(rate)
                cost[name].append((cpu_s(server.process) - before) * 1e6 / (rate * seconds))
        for name in kinds:
            row(name, round(statistics.median(runs[name])), '1/s', conditions)
            row(f'{name}, CPU of one', round(statistics.median(cost[name]), 1), 'us', conditions)
        row('HTTP/2 requests, a connection each', round(h2load(plain, seconds, '-n2000', '-c2000', '-m1')), '1/s', 'h2load, 2,000 connections opened at once')
        for name, kind in (('TLS 1.3 handshakes, full', ['-new']), ('TLS 1.2 handshakes, resumed', ['-reuse', '-tls1_2'])):
            rate, cost_us = handshakes(server, seconds, kind)
            row(name, round(rate), '1/s', f'openssl s_time, one connection at a time, {seconds:.0f} s, ECDSA P-256')
            row(f'{name}, CPU of one', round(cost_us), 'us', 'of the server')
    for name, connect, count in (('HTTP/1.1', connect_http1, 5000), ('HTTP/2', connect_http2, 5000), ('TLS', connect_tls, 2000)):
        row(f'idle connection, {name}', round(idle_kib(Server, count, connect), 1), 'KiB', f'anonymous memory of the server, {count:,} connections after a request each')
