"""Rows of Lambda functions: warm invocations of a Node.js function and of a C++ program beside a bare Node.js HTTP server with the same handler,
starts beside `node`'s own, the first byte of a stream, and a queue's messages on their way to a function. bench/run calls them with its own
row() and Server."""
import base64
import functools
import http.client
import io
import json
import pathlib
import re
import socket
import statistics
import subprocess
import tempfile
import time
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
NODE = str(ROOT / 'build/tools/bin/node')
EVENT = json.dumps({'order': 7, 'items': ['pump', 'valve', 'hose']}, separators=(',', ':'))
ECHO = 'async (event) => event'  # the handler, which the C++ program has too
TELLS_ITS_TIME = 'awslambda.streamifyResponse(async (event, stream) => { stream.write(`now:${process.hrtime.bigint()};`); stream.end(); })'
BARE = f"""
const handler = {ECHO};
const server = require('node:http').createServer((request, response) => {{
  const parts = [];
  request.on('data', (part) => parts.push(part)).on('end', async () => {{
    const body = JSON.stringify(await handler(JSON.parse(Buffer.concat(parts))));
    response.writeHead(200, {{ 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }}).end(body);
  }});
}});
server.listen(0, '127.0.0.1', () => console.log(`bare 127.0.0.1:${{server.address().port}}`));
"""
SIGNED = 'AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=' + '0' * 64
HEADERS = {'content-type': 'application/json', 'x-amz-date': '20260101T000000Z', 'authorization': SIGNED}
STARTS = 10
STREAMS = 200
MESSAGES = 20_000


def package(name, content):
    """A ZIP file of one file that may be executed, as base64."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, 'w', zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = 0o100755 << 16
        archive.writestr(entry, content)
    return {'ZipFile': base64.b64encode(held.getvalue()).decode()}


def node(handler):
    return {'Runtime': 'nodejs20.x', 'Handler': 'index.handler', 'Code': package('index.js', f'exports.handler = {handler}')}


def provided(handler):
    """tests/functions/echo_bootstrap.cc, whose handlers are echo and length."""
    return {'Runtime': 'provided.al2023', 'Handler': handler, 'Code': package('bootstrap', (ROOT / 'build/bench/echo_bootstrap').read_bytes())}


class Functions:
    """The functions of a server, over one kept connection."""
    def __init__(self, server):
        self.server = server
        self.connection = http.client.HTTPConnection('127.0.0.1', server.port, timeout=60)
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def call(self, method, path, body=None):
        self.connection.request(method, path, body, HEADERS)
        response = self.connection.getresponse()
        answer = response.read()
        assert response.status < 300 and not response.getheader('x-amz-function-error'), answer
        return answer

    def ask(self, method, path, **parameters):
        return json.loads(self.call(method, path, json.dumps(parameters) if parameters else None))

    def raise_request_rate(self, concurrency):
        """Ten times the account's concurrency is what AWS lets a function take a second."""
        self.connection.request('POST', '/', json.dumps({'ServiceCode': 'lambda', 'QuotaCode': 'L-B99A9384', 'DesiredValue': concurrency}), {
            'content-type': 'application/x-amz-json-1.1', 'x-amz-date': HEADERS['x-amz-date'],
            'x-amz-target': 'ServiceQuotasV20190624.RequestServiceQuotaIncrease', 'authorization': SIGNED.replace('/lambda/', '/servicequotas/')})
        response = self.connection.getresponse()
        answer = response.read()
        assert response.status == 200, answer

    def until(self, path, key, value):
        deadline = time.monotonic() + 30
        while (told := self.ask('GET', path))[key] != value:
            assert time.monotonic() < deadline, told
            time.sleep(0.005)

    def create(self, name, code, **more):
        self.ask('POST', '/2015-03-31/functions', FunctionName=name, Role='arn:aws:iam::000000000000:role/bench', **code, **more)
        self.until(f'/2015-03-31/functions/{name}/configuration', 'State', 'Active')

    def invoke_ms(self, name):
        """One invocation, from writing the request to having the answer."""
        began = time.perf_counter()
        answer = self.call('POST', f'/2015-03-31/functions/{name}/invocations', EVENT)
        took = (time.perf_counter() - began) * 1000
        assert answer == EVENT.encode(), answer
        return took


class Bare:
    """The same handler behind node:http alone: what Node.js takes without anything between it and the client."""
    def __init__(self):
        self.process = subprocess.Popen([NODE, '-e', BARE], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().rsplit(':', 1)[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=30)


def load(port, name, connections, seconds):
    words = [str(ROOT / 'build/bench/bench_model_load'), '--port', str(port), '--path', f'/2015-03-31/functions/{name}/invocations', '--body', EVENT,
             '--header', f'Authorization: {SIGNED}', '--connections', str(connections), '--seconds', str(seconds)]
    run = subprocess.run(words, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, f'{name}: {run.stderr[:2000]}'
    return json.loads(run.stdout)


def warm(row, Server, seconds, rounds):
    titles = {'bare': 'bare Node HTTP server', 'node': 'Node function', 'provided': 'C++ function'}
    runs = {(name, connections): [] for connections in (1, 32) for name in titles}
    with Server() as server, Bare() as bare:
        functions = Functions(server)
        functions.raise_request_rate(10_000)
        functions.create('node', node(ECHO))
        functions.create('provided', provided('echo'))
        for _ in range(rounds):
            for (name, connections), taken in runs.items():
                port = bare.port if name == 'bare' else server.port
                load(port, name, connections, min(1, seconds))  # environments start and code becomes warm: not counted
                taken.append(load(port, name, connections, seconds))

    def median(name, connections, key):
        return statistics.median(run[key] for run in runs[name, connections])

    conditions = f'{rounds} rounds of {seconds:.0f} s in turn, each after a warm-up, median; the handler answers its event of {len(EVENT)} B'
    goals = {('node', 'p50'): 400, ('node', 'p99'): 2000, ('provided', 'p50'): 150}
    for name, title in titles.items():
        for share in ('p50', 'p99'):
            value, goal = median(name, 1, f'{share}_us'), goals.get((name, share))
            what = f'1 connection, from the request to the whole answer, the handler\'s own time included; {conditions}'
            row(f'functions: warm, {title}, {share}', round(value), 'us', what, *((f'< {goal:,}', value < goal) if goal else ()))
    for name, goal in (('bare', None), ('node', 2000), ('provided', 5000)):
        value = median(name, 32, 'rate')
        row(f'functions: invocations, {titles[name]}', round(value), '1/s', f'32 connections; {conditions}', *((f'>= {goal:,}', value >= goal) if goal else ()))


def cold_ms(functions, name):
    functions.create(name, node(ECHO))
    return functions.invoke_ms(name)


def node_alone_ms():
    """Without the shell's variables, which functions do not have either: NODE_EXTRA_CA_CERTS alone costs Node.js 20 about 40 ms."""
    began = time.perf_counter()
    subprocess.run([NODE, '-e', '0'], env={}, check=True)
    return (time.perf_counter() - began) * 1000


def provisioned_ms(functions, name):
    functions.create(name, node(ECHO), Publish=True)
    path = f'/2019-09-30/functions/{name}/provisioned-concurrency?Qualifier=1'
    functions.ask('PUT', path, ProvisionedConcurrentExecutions=1)
    functions.until(path, 'Status', 'READY')
    return functions.invoke_ms(f'{name}:1')


def starts(row, Server):
    """First invocations of functions, `node` alone in turn. The first of each, which reads programs from the disk, is not counted; none is deleted
    meanwhile, so that no process that ends takes part."""
    cold, alone, provisioned = [], [], []
    with Server() as server:
        functions = Functions(server)
        for number in range(STARTS + 1):
            cold.append(cold_ms(functions, f'cold{number}'))
            alone.append(node_alone_ms())
            provisioned.append(provisioned_ms(functions, f'provisioned{number}'))
    start, node_alone, first = (statistics.median(times[1:]) for times in (cold, alone, provisioned))
    of = f'of a Node function without imports, median of {STARTS} functions in turn with node -e 0'
    row('functions: node -e 0', round(node_alone, 1), 'ms', f'from spawn to its end, no environment variables, median of {STARTS} in turn with the starts')
    row('functions: cold start, Node function', round(start, 1), 'ms', f'first invocation {of}')
    row('functions: cold start above node -e 0', round(start - node_alone, 1), 'ms', f'first invocation {of}', '< 40', start - node_alone < 40)
    row('functions: first invocation, provisioned', round(first, 2), 'ms', f'first invocation, provisioned concurrency of 1, {of}', '< 5', first < 5)


def first_byte_us(server, path):
    """From the handler's first write to its bytes at the client: they are the time by the monotonic clock, which the machine's processes share."""
    head = {'host': '127.0.0.1', 'connection': 'close', 'content-length': 2, **HEADERS}
    request = f'POST {path} HTTP/1.1\r\n' + ''.join(f'{name}: {value}\r\n' for name, value in head.items()) + '\r\n{}'
    with socket.create_connection(('127.0.0.1', server.port)) as connection:
        connection.sendall(request.encode())
        received = b''
        while not (written := re.search(rb'now:(\d+);', received)):
            part = connection.recv(65536)
            assert part, received
            received += part
        took = (time.clock_gettime_ns(time.CLOCK_MONOTONIC) - int(written[1])) / 1000
        while connection.recv(65536):
            pass
    return took


def streams(row, Server):
    with Server() as server:
        Functions(server).create('streaming', node(TELLS_ITS_TIME))
        path = '/2021-11-15/functions/streaming/response-streaming-invocations'
        times = sorted([first_byte_us(server, path) for _ in range(20 + STREAMS)][20:])
    conditions = f'InvokeWithResponseStream, {STREAMS} one after another; from the Node handler\'s clock at its first write to the bytes at a client in Python'
    median = statistics.median(times)
    row('functions: first byte of a stream, p50', round(median), 'us', conditions, '< 1,000', median < 1000)
    row('functions: first byte of a stream, p99', round(times[len(times) * 99 // 100]), 'us', conditions)


def drain_s(Server, durability):
    """Seconds from the making of a mapping until its full queue is empty, which is when its last message was deleted."""
    with Server('--durability', durability) as server:
        functions = Functions(server)
        functions.create('drain', provided('length'))
        queue = server.queue('drain')
        for at in range(0, MESSAGES, 10):
            server.sqs('SendMessageBatch', QueueUrl=queue, Entries=[{'Id': str(at + i), 'MessageBody': 'x' * 100} for i in range(10)])
        began = time.perf_counter()
        functions.ask('POST', '/2015-03-31/event-source-mappings', FunctionName='drain', EventSourceArn='arn:aws:sqs:us-east-1:000000000000:drain', BatchSize=10)
        names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible']
        while any(int(n) for n in server.sqs('GetQueueAttributes', QueueUrl=queue, AttributeNames=names)['Attributes'].values()):
            assert time.perf_counter() - began < 120, 'the queue never became empty'
            time.sleep(0.02)
        return time.perf_counter() - began


def drain(row, Server, rounds):
    for durability in ('relaxed', 'sync'):
        rate = MESSAGES / statistics.median(drain_s(Server, durability) for _ in range(rounds))
        conditions = f'C++ function, batches of 10, {MESSAGES:,} messages of 100 B, from CreateEventSourceMapping to the empty queue, {durability}, median of {rounds}'
        row(f'functions: SQS to Lambda, messages, {durability}', round(rate), '1/s', conditions, '>= 5,000', rate >= 5000)


def measure(row, Server, seconds, rounds):
    with tempfile.NamedTemporaryFile('w', suffix='.yaml') as config:
        config.write(json.dumps({'runtimes': {'nodejs20.x': NODE}}))
        config.flush()
        Configured = functools.partial(Server, '--config', config.name)
        warm(row, Configured, seconds, rounds)
        starts(row, Configured)
        streams(row, Configured)
        drain(row, Configured, rounds)
