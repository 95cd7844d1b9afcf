"""Rows of WebSocket APIs: new connections whose $connect is a MOCK integration, the memory of connections that are idle, and posts of the
management API on their way to clients, alone and as 512 streams of tokens. bench/run calls them with its own row() and Server."""
import http.client
import json
import pathlib
import resource
import statistics
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
LOAD, POSTS = (str(ROOT / f'build/bench/bench_{name}') for name in ('websocket_load', 'connection_posts'))
OPENERS, CONNECTIONS = 8, 10_000
STAGE = 'live'
# New connections a second, and messages: AWS gives an account 500 and 10,000.
QUOTAS = {'L-9ED1E49A': 100_000, 'L-8A5B8E43': 100_000}


def headers(service):
    return {'content-type': 'application/json', 'x-amz-date': '20260101T000000Z',
            'authorization': f'AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=' + '0' * 64}


def call(server, service, method, path, body, more=()):
    connection = http.client.HTTPConnection('127.0.0.1', server.port, timeout=30)
    connection.request(method, path, json.dumps(body), {**headers(service), **dict(more)})
    response = connection.getresponse()
    text = response.read()
    connection.close()
    assert response.status < 300, (path, response.status, text)
    return json.loads(text)


def raise_quotas(server):
    for code, value in QUOTAS.items():
        call(server, 'servicequotas', 'POST', '/', {'ServiceCode': 'apigateway', 'QuotaCode': code, 'DesiredValue': value},
             {'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'ServiceQuotasV20190624.RequestServiceQuotaIncrease'})


def make_api(server):
    """The path of its stage, as clients connect to it."""
    create = lambda what, **body: call(server, 'apigateway', 'POST', f'/v2/apis{what}', body)
    api = create('', name='bench', protocolType='WEBSOCKET', routeSelectionExpression='$request.body.action')['apiId']
    integration = create(f'/{api}/integrations', integrationType='MOCK', requestTemplates={'$default': '{"statusCode": 200}'}, templateSelectionExpression='\\$default')['integrationId']
    create(f'/{api}/routes', routeKey='$connect', target=f'integrations/{integration}')
    create(f'/{api}/stages', stageName=STAGE, autoDeploy=True)
    return f'/_aws/execute-api/{api}/{STAGE}'


class Openers:
    """Programs that open connections at the same time and hold them."""
    def __init__(self, server, path):
        words = [LOAD, '--port', str(server.port), '--mode', 'hold', '--path', path, '--connections', str(CONNECTIONS // OPENERS)]
        begun = time.monotonic()
        self.programs = [subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(OPENERS)]
        for program in self.programs:
            assert 'held' in program.stdout.readline(), 'the connections were not opened'
        self.seconds = time.monotonic() - begun

    def close(self):
        for program in self.programs:
            program.stdin.close()
            program.wait(timeout=60)


def posts(server, path, seconds, streams, interval_ms):
    words = [POSTS, '--port', str(server.port), '--path', path, '--streams', str(streams), '--interval-ms', str(interval_ms), '--seconds', str(seconds)]
    run = subprocess.run(words, capture_output=True, text=True, timeout=seconds + 60)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def measure(row, Server, seconds, rounds):
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    for durability in ('sync', 'relaxed'):
        with Server('--durability', durability) as server:
            path = make_api(server)
            raise_quotas(server)
            before = server.memory()[0]
            openers = Openers(server, path)
            resident = server.memory()[0]
            openers.close()
        rate = CONNECTIONS / openers.seconds
        row(f'new WebSocket connections, {durability}', round(rate), '1/s', f'$connect is a MOCK integration; {CONNECTIONS:,} connections by {OPENERS} clients, one after the other each; {durability}', '>= 500', rate >= 500)
    row('idle WebSocket connections, memory', round(resident), 'MiB', f'{CONNECTIONS:,} connections of an API; the whole process, {before:.0f} MiB before', '< 200', resident < 200)
    with Server() as server:
        path = make_api(server)
        raise_quotas(server)
        runs = [posts(server, path, seconds, streams=8, interval_ms=5) for _ in range(rounds)]
        p99_ms = statistics.median(run['p99_us'] for run in runs) / 1000
        row('@connections post to client, p99', round(p99_ms, 2), 'ms', f'8 backends, a post each 5 ms, {rounds} runs of {seconds:.0f} s, median', '< 3', p99_ms < 3)
        run = posts(server, path, seconds, streams=512, interval_ms=20)
        whole = run['came'] == run['posted'] == run['in_order']
        conditions = f'512 backends that post 50 messages a second each, {seconds:.0f} s; the load generator on the same cores'
        row('512 streams of posts, lost or out of order', run['posted'] - run['in_order'], 'messages', conditions, '0', whole)
        row('512 streams of posts, sent', round(run['posted'] / seconds), '1/s', conditions, '>= 25,000', run['posted'] / seconds >= 25_000)
        row('512 streams of posts, longest silence', round(run['longest_silence_ms']), 'ms', conditions)
