"""Rows of DynamoDB: items of 1 KB read, written, queried and written in transactions over 64 connections, as fast as they go and at half of
that; `dynalite` from npm in the same run; and one table of few and of many small items. bench/run calls them with its own row() and Server."""
import http.client
import json
import os
import pathlib
import statistics
import subprocess
import time

import static_nginx

ROOT = pathlib.Path(__file__).resolve().parent.parent
NODE = str(ROOT / 'build/tools/bin/node')
TABLE = 'bench'
ITEMS, BYTES = 10_000, 1024
LARGE_ITEMS, LARGE_BYTES = int(os.environ.get('BENCH_LARGE_ITEMS', 10_000_000)), 100
TITLES = {'get': 'GetItem', 'put': 'PutItem', 'query': 'Query of 20 items', 'transact': 'TransactWriteItems of 4'}
GOALS = {('get', 'relaxed'): 50_000, ('put', 'relaxed'): 35_000, ('query', 'relaxed'): 20_000, ('transact', 'relaxed'): 8_000, ('put', 'sync'): 20_000}
P99_MS = {'relaxed': 1, 'sync': 3}
HEADERS = {'content-type': 'application/x-amz-json-1.0', 'x-amz-date': '20260101T000000Z', 'authorization':
           'AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=' + '0' * 64}


class Table:
    """A table of a server, whoever's, with `items` items of about `bytes` bytes in partitions of 20."""
    def __init__(self, port, pid, items=ITEMS, bytes=BYTES):
        self.port, self.pid = port, pid
        self.options = {'port': port, 'table': TABLE, 'items': items, 'bytes': bytes}
        keys = {'pk': 'HASH', 'sk': 'RANGE'}
        self.ask('CreateTable', TableName=TABLE, BillingMode='PAY_PER_REQUEST', AttributeDefinitions=[{'AttributeName': key, 'AttributeType': 'S'} for key in keys],
                 KeySchema=[{'AttributeName': key, 'KeyType': kind} for key, kind in keys.items()])
        deadline = time.monotonic() + 30
        while self.ask('DescribeTable', TableName=TABLE)['Table']['TableStatus'] != 'ACTIVE':
            assert time.monotonic() < deadline, 'the table never became active'
            time.sleep(0.01)

    def ask(self, operation, **parameters):
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=60)
        connection.request('POST', '/', json.dumps(parameters), {**HEADERS, 'x-amz-target': f'DynamoDB_20120810.{operation}'})
        response = connection.getresponse()
        answer = response.read()
        assert response.status == 200, answer
        return json.loads(answer)

    def cpu_s(self):
        fields = pathlib.Path(f'/proc/{self.pid}/stat').read_text().rsplit(')', 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')

    def load(self, mode, **options):
        """What bench_dynamodb_load reports, and the processor time of the server for one request."""
        before = self.cpu_s()
        report = load_of({**self.options, **options, 'mode': mode})
        return {**report, 'cpu_us': (self.cpu_s() - before) / report['items'] * 1e6}


class Dynalite:
    """dynalite as it comes: its items are in memory."""
    program = pathlib.Path(os.environ.get('DYNALITE', ROOT / 'node_modules/dynalite')) / 'cli.js'

    def __init__(self, port):
        self.port = port
        self.process = subprocess.Popen([NODE, str(self.program), '--host', '127.0.0.1', '--port', str(port), '--createTableMs', '0'], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline(), 'dynalite did not start'

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=30)


def load_of(options):
    """What bench_dynamodb_load reports."""
    words = [str(ROOT / 'build/bench/bench_dynamodb_load')]
    for key, value in options.items():
        words += [f'--{key}', str(value)]
    run = subprocess.run(words, capture_output=True, text=True, timeout=3600)
    assert run.returncode == 0, f'{words}: {run.stderr[:2000]}'
    return json.loads(run.stdout)


def outcrop_rows(row, Server, seconds, durability, modes):
    with Server('--durability', durability) as server:
        table = Table(server.port, server.process.pid)
        table.load('fill')
        for mode in modes:
            full = table.load(mode, seconds=seconds)
            half = table.load(mode, seconds=seconds / 2, rate=full['items_per_second'] / 2)
            conditions = f'64 connections, items of {BYTES:,} B, {ITEMS:,} of them, {seconds:.0f} s, {durability}'
            name, rate, p99_ms = f'dynamodb: {TITLES[mode]}, {durability}', full['items_per_second'], half['p99_us'] / 1000
            goal, p99_goal = GOALS.get((mode, durability)), P99_MS[durability]
            row(name, rate, '1/s', conditions, *((f'>= {goal:,}', rate >= goal) if goal else ()))
            row(f'{name}, processor time of one', round(full['cpu_us'], 1), 'us', f'{conditions}; the server\'s')
            if (mode, durability) == ('get', 'relaxed'):
                static_row(row, seconds, full['items_per_second'] / 2)
            row(f'{name}, p50 at half load', half['p50_us'], 'us', f'{conditions}; begun at half that rate, from when each was due')
            row(f'{name}, p99 at half load', round(p99_ms, 2), 'ms', f'{conditions}; begun at half that rate, from when each was due', f'< {p99_goal}', p99_ms < p99_goal)


def static_row(row, seconds, rate):
    """What the machine and the generator make of a server with next to nothing to do."""
    with static_nginx.StaticNginx('x' * (BYTES + 100)) as nginx:
        report = load_of({'port': nginx.port, 'table': TABLE, 'items': ITEMS, 'bytes': BYTES, 'mode': 'get', 'seconds': seconds / 2, 'rate': rate})
    row('machine: p99 of a static answer of nginx at the half load of GetItem', round(report['p99_us'] / 1000, 2), 'ms', f'{rate:,.0f} requests a second, the same generator, {BYTES + 100:,} B')


def dynalite_rows(row, port, seconds):
    with Dynalite(port) as dynalite:
        table = Table(dynalite.port, dynalite.process.pid)
        table.load('fill')
        for mode in ('get', 'put', 'query'):  # it has no transactions
            conditions = f'64 connections, items of {BYTES:,} B, {ITEMS:,} of them, {seconds:.0f} s, in memory, Node.js'
            row(f'dynamodb: {TITLES[mode]}, dynalite', table.load(mode, seconds=seconds)['items_per_second'], '1/s', conditions)


def machine_row(row, seconds):
    """What no server can do anything about: a p99 below 1 ms needs less than 1 % here."""
    report = json.loads(subprocess.run([str(ROOT / 'build/bench/bench_machine_gaps'), '--seconds', str(seconds)], capture_output=True, text=True, check=True).stdout)
    row('machine: time it takes from busy threads, 1 ms or more at once', round(report['share'] * 100, 2), '%',
        f"a thread on each core, {seconds:.0f} s, nothing else running; {report['gaps_per_core_second']} such gaps a second and core, the longest {report['max_us'] / 1000:.1f} ms")


def measure(row, Server, seconds):
    machine_row(row, seconds)
    outcrop_rows(row, Server, seconds, 'relaxed', TITLES)
    outcrop_rows(row, Server, seconds, 'sync', ['put', 'transact'])
    if Dynalite.program.exists():
        with Server() as server:
            port = server.port  # free again when dynalite takes it
        dynalite_rows(row, port, seconds / 2)


def measure_large(row, Server, seconds, rounds=7, warm_up_s=20):
    """The median of reads of a table as it grows: the same requests, two servers in turn, so the ratio says what size costs."""
    conditions = f'64 connections, items of {LARGE_BYTES} B, random keys, relaxed, median of {rounds} rounds in turn, after {warm_up_s} s unmeasured'
    with Server('--durability', 'relaxed') as small, Server('--durability', 'relaxed') as large:
        tables = {}
        for server, items in ((small, 10_000), (large, LARGE_ITEMS)):
            tables[items] = Table(server.port, server.process.pid, items, LARGE_BYTES)
            began = time.monotonic()
            tables[items].load('fill', connections=8)
            filled_s = time.monotonic() - began
            tables[items].load('get', seconds=warm_up_s)
        p50s = [{items: table.load('get', seconds=seconds)['p50_us'] for items, table in tables.items()} for _ in range(rounds)]
        size = sum(file.stat().st_size for file in pathlib.Path(large.data).rglob('*') if file.is_file()) >> 20
        row(f'large table: memory with {LARGE_ITEMS:,} items', round(large.memory()[0]), 'MiB', conditions)
    for items in tables:
        row(f'large table: GetItem of {items:,} items, p50', statistics.median(p50[items] for p50 in p50s), 'us', conditions)
    ratio = statistics.median(p50[LARGE_ITEMS] / p50[10_000] for p50 in p50s)
    row(f'large table: p50 of {LARGE_ITEMS:,} items to that of 10,000', round(ratio, 2), '', f'{conditions}; {size:,} MiB on disk, filled in {filled_s:.0f} s', '<= 1.5', ratio <= 1.5)
