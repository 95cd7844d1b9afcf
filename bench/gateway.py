"""Rows of the way client -> Outcrop -> model server: Converse in, OpenAI's chat completions out, beside a relay that copies bytes and, where it is
installed, Portkey's gateway: whole answers alone, because its streams fail on Node 20 ("immutable" headers) where npm runs no install
scripts. bench/run calls them with its own row()."""
import json
import os
import pathlib
import socket
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOKENS = 100  # of a stream, one each 5 ms: bench/http_proxy.cc
MODEL = 'amazon.titan-tg1-large'  # without known quotas, so that none throttles
QUESTION = 'Tell me in a sentence what an outcrop is, and in another one how geologists use them to read the layers below.'
CONVERSE = {'system': [{'text': 'You are a helpful geologist.'}], 'messages': [{'role': 'user', 'content': [{'text': QUESTION}]}], 'inferenceConfig': {'maxTokens': 200}}
SLOW = {'interval_ms': 20}  # for 512 streams: 50 tokens a second each, as models on one machine make them
CHAT = {'model': 'bench', 'messages': [{'role': 'system', 'content': 'You are a helpful geologist.'}, {'role': 'user', 'content': QUESTION}], 'max_tokens': 200}
SIGNED = 'Authorization: AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=' + '0' * 64


def free_port():
    with socket.socket() as one:
        one.bind(('127.0.0.1', 0))
        return one.getsockname()[1]


def wait_for_port(port):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as one:
            if one.connect_ex(('127.0.0.1', port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError('nothing listens')


class Gateways:
    """A stand-in for a model server, and what stands in front of it: the relay, Outcrop, Portkey's gateway."""
    def __init__(self, outcrop, portkey):
        self.processes, self.ports, self.folder = {}, {}, tempfile.TemporaryDirectory()
        proxy = str(ROOT / 'build/bench/bench_http_proxy')
        self.start('upstream', [proxy, 'upstream', '127.0.0.1:0'])
        self.start('relay', [proxy, 'relay', '127.0.0.1:0', str(self.ports['upstream'])])
        config = pathlib.Path(self.folder.name, 'outcrop.yaml')
        url = f'http://127.0.0.1:{self.ports["upstream"]}/v1'
        config.write_text(json.dumps({'models': [{'match': '*', 'provider': 'openai', 'url': url, 'served_model': 'bench'}]}))
        self.start('outcrop', [outcrop, 'serve', '--listen', '127.0.0.1:0', '--data', ':memory:', '--threads', '1', '--config', str(config)])
        if portkey:
            port = free_port()
            node = str(ROOT / 'build/tools/bin/node')
            self.processes['portkey'] = subprocess.Popen([node, str(portkey), f'--port={port}', '--headless'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, 'NODE_ENV': 'production'})
            self.ports['portkey'] = port
            wait_for_port(port)

    def start(self, name, words):
        self.processes[name] = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.ports[name] = int(self.processes[name].stdout.readline().rsplit(':', 1)[1])

    def cpu_s(self, name):
        fields = pathlib.Path(f'/proc/{self.processes[name].pid}/stat').read_text().rsplit(')', 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')

    def load(self, name, connections, seconds, stream=False):
        slow = SLOW if connections >= 512 else {}
        words = [str(ROOT / 'build/bench/bench_model_load'), '--port', str(self.ports[name]), '--connections', str(connections), '--seconds', str(seconds)]
        if name == 'outcrop':
            words += ['--path', f'/model/{MODEL}/converse' + ('-stream' if stream else ''), '--body', json.dumps({**CONVERSE, **({'additionalModelRequestFields': slow} if slow else {})}), '--header', SIGNED]
            first = 'contentBlockDelta'
        else:
            words += ['--path', '/v1/chat/completions', '--body', json.dumps({**CHAT, **slow, **({'stream': True} if stream else {})}, separators=(',', ':'))]
            first = 'rock'
        if name == 'portkey':
            words += ['--header', 'x-portkey-provider: openai', '--header', f'x-portkey-custom-host: http://127.0.0.1:{self.ports["upstream"]}/v1', '--header', 'Authorization: Bearer none']
        before = self.cpu_s(name)
        run = subprocess.run(words + (['--first', first] if stream else []), capture_output=True, text=True, timeout=120)
        assert run.returncode == 0, f'{name}: {run.stderr[:2000]}'
        result = json.loads(run.stdout)
        result['cpu_us'] = (self.cpu_s(name) - before) * 1e6 / result['count']
        return result

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes.values():
            process.terminate()
            process.wait(timeout=30)
        self.folder.cleanup()


def portkey_program():
    program = pathlib.Path(os.environ.get('PORTKEY_GATEWAY', ROOT / 'node_modules/@portkey-ai/gateway')) / 'build/start-server.js'
    return program if program.exists() else None


def measure(row, outcrop, seconds, rounds):
    portkey = portkey_program()
    others = ['portkey'] if portkey else []
    cases = [(name, 1, False) for name in ('upstream', 'relay', 'outcrop', *others)] + [(name, 64, False) for name in ('upstream', 'relay', 'outcrop', *others)] \
        + [(name, 1, True) for name in ('upstream', 'outcrop')] + [(name, 100, True) for name in ('relay', 'outcrop')] + [(name, 512, True) for name in ('upstream', 'outcrop')]
    runs = {case: [] for case in cases}
    with Gateways(outcrop, portkey) as gateways:
        for _ in range(rounds):
            for case in cases:
                name, connections, stream = case
                runs[case].append(gateways.load(name, connections, seconds, stream))

    def median(name, connections, stream, key):
        return statistics.median(run[key] for run in runs[name, connections, stream])

    def added(name, connections, stream, key):
        return round(median(name, connections, stream, key) - median('upstream', connections, stream, key), 1)

    def conditions(connections, more=''):
        return f'{connections} connections, {rounds} rounds of {seconds:.0f} s in turn, median; one loop each{more}'

    row('gateway: upstream alone', round(median('upstream', 64, False, 'rate')), '1/s', conditions(64), '>= 60,000', median('upstream', 64, False, 'rate') >= 60_000)
    for name in ('relay', 'outcrop', *others):
        per_cpu_s = 1e6 / median(name, 64, False, 'cpu_us')
        row(f'gateway: requests per CPU second, {name}', round(per_cpu_s), '1/s', conditions(64, '; Converse in, chat completion out' if name == 'outcrop' else ''), *(('>= 15,000', per_cpu_s >= 15_000) if name == 'outcrop' else ()))
        row(f'gateway: requests, {name}', round(median(name, 64, False, 'rate')), '1/s', conditions(64))
        for share, goal in (('p50', 60), ('p99', 150)):
            value = added(name, 1, False, f'{share}_us')
            row(f'gateway: latency added, {name}, {share}', value, 'us', conditions(1), *((f'< {goal}', value < goal) if name == 'outcrop' else ()))
    streams = f'; streams of {TOKENS} tokens, one each 5 ms'
    for share, goal in (('p50', None), ('p99', 200)):
        value = added('outcrop', 1, True, f'{share}_us')
        row(f'gateway: added to the first token, {share}', value, 'us', conditions(1, streams), *((f'< {goal}', value < goal) if goal else ()))
    token_us = {name: median(name, 100, True, 'cpu_us') / TOKENS for name in ('relay', 'outcrop')}
    for name, value in token_us.items():
        row(f'gateway: CPU of a token, {name}', round(value, 2), 'us', conditions(100, streams))
    row('gateway: CPU of a token, outcrop above relay', round(token_us['outcrop'] - token_us['relay'], 2), 'us', conditions(100, streams), '< 2', token_us['outcrop'] - token_us['relay'] < 2)
    for name in ('upstream', 'outcrop'):
        silence = max(run['longest_silence_us'] for run in runs[name, 512, True]) / 1000
        row(f'gateway: longest silence within 512 streams, {name}', round(silence, 1), 'ms', conditions(512, f'; streams of {TOKENS} tokens, one each {SLOW["interval_ms"]} ms'))
