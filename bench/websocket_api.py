"""Rows of WebSocket APIs: new connections whose $connect is a MOCK integration or a function, the memory of connections that are idle, and posts of
the management API on their way to clients, alone and as 512 streams of tokens; beside them, where it is installed, serverless-offline. bench/run
calls them with its own row() and Server."""
import http.client
import json
import pathlib
import resource
import statistics
import subprocess
import time

import functions
import serverless_offline

ROOT = pathlib.Path(__file__).resolve().parent.parent
LOAD, POSTS = (str(ROOT / f'build/bench/bench_{name}') for name in ('websocket_load', 'connection_posts'))
OPENERS, CONNECTIONS = 8, 10_000
CONNECTIONS_OF_FUNCTION = 2_000
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


MOCK = {'integrationType': 'MOCK', 'requestTemplates': {'$default': '{"statusCode": 200}'}, 'templateSelectionExpression': '\\$default'}


def make_api(server, integration=MOCK):
    """The path of its stage, as clients connect to it."""
    create = lambda what, **body: call(server, 'apigateway', 'POST', f'/v2/apis{what}', body)
    api = create('', name='bench', protocolType='WEBSOCKET', routeSelectionExpression='$request.body.action')['apiId']
    target = create(f'/{api}/integrations', **integration)['integrationId']
    create(f'/{api}/routes', routeKey='$connect', target=f'integrations/{target}')
    create(f'/{api}/stages', stageName=STAGE, autoDeploy=True)
    return f'/_aws/execute-api/{api}/{STAGE}'


def make_function(server):
    """The integration of a Node.js function, which the API may invoke."""
    made = functions.Functions(server)
    made.create('connect', functions.node(serverless_offline.FUNCTION))
    made.ask('POST', '/2015-03-31/functions/connect/policy', StatementId='api', Action='lambda:InvokeFunction', Principal='apigateway.amazonaws.com')
    arn = 'arn:aws:lambda:us-east-1:000000000000:function:connect'
    return {'integrationType': 'AWS_PROXY', 'integrationUri': f'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations'}


class Openers:
    """Programs that open connections at the same time and hold them."""
    def __init__(self, server, path, count=CONNECTIONS):
        words = [LOAD, '--port', str(server.port), '--mode', 'hold', '--path', path, '--connections', str(count // OPENERS)]
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


def rate_of_function(server, path):
    """New connections a second, after some by which its environments are started."""
    Openers(server, path, 10 * OPENERS).close()
    openers = Openers(server, path, CONNECTIONS_OF_FUNCTION)
    openers.close()
    return round(CONNECTIONS_OF_FUNCTION / openers.seconds)


def posts_p99_ms(server, path, seconds, rounds):
    return round(statistics.median(posts(server, path, seconds, streams=8, interval_ms=5)['p99_us'] for _ in range(rounds)) / 1000, 2)


def stream_rows(row, run, seconds, of='', goals=True):
    """`run` is what 512 streams of posts gave."""
    conditions = f'512 backends that post 50 messages a second each, {seconds:.0f} s; the load generator on the same cores'
    lost, rate = run['posted'] - run['in_order'], run['posted'] / seconds
    row(f'512 streams of posts{of}, lost or out of order', lost, 'messages', conditions, *(('0', lost == 0 and run['came'] == run['posted']) if goals else ()))
    row(f'512 streams of posts{of}, sent', round(rate), '1/s', conditions, *(('>= 25,000', rate >= 25_000) if goals else ()))
    row(f'512 streams of posts{of}, longest silence', round(run['longest_silence_ms']), 'ms', conditions)


def connection_rows(row, Server):
    resident = before = 0
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


def measure(row, Server, seconds, rounds):
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    connection_rows(row, Server)
    function = f'$connect is a Node.js function; {CONNECTIONS_OF_FUNCTION:,} connections by {OPENERS} clients, one after the other each'
    posting = f'8 backends, a post each 5 ms, {rounds} runs of {seconds:.0f} s, median'
    with Server() as server:
        path = make_api(server, make_function(server))
        raise_quotas(server)
        row('new WebSocket connections, function', rate_of_function(server, path), '1/s', f'{function}; sync')
        p99_ms = posts_p99_ms(server, path, seconds, rounds)
        row('@connections post to client, p99', p99_ms, 'ms', posting, '< 3', p99_ms < 3)
        stream_rows(row, posts(server, path, seconds, streams=512, interval_ms=20), seconds)
    if not serverless_offline.is_there():
        print('serverless-offline is not installed (bench/setup_peers): its rows are skipped', flush=True)
        return
    with serverless_offline.ServerlessOffline() as peer:
        row('new WebSocket connections, serverless-offline', rate_of_function(peer, peer.path), '1/s', function)
    with serverless_offline.ServerlessOffline() as peer:  # the first is busy with $disconnect
        row('@connections post to client, serverless-offline, p99', posts_p99_ms(peer, peer.path, seconds, rounds), 'ms', posting)
        stream_rows(row, posts(peer, peer.path, seconds, streams=512, interval_ms=20), seconds, ', serverless-offline', goals=False)
