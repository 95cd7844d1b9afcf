#!/usr/bin/env python3
"""Stands in for llama-server in tests: the same arguments, GET /health and POST /v1/chat/completions, without weights.

The name of the GGUF file says what it does: `slow` needs a moment, in which it answers 503; `never` stays at that; `crash` ends at
once; `dies` ends when it is asked for an answer; `deaf` stops answering after it was ready; `stubborn` ignores SIGTERM. Anything else is well.
"""
import argparse
import http.server
import json
import os
import signal
import sys
import time

parser = argparse.ArgumentParser()
for name in ('--model', '--host', '--alias', '--ctx-size'):
    parser.add_argument(name)
parser.add_argument('--port', type=int)
parser.add_argument('--marks', help='a folder in which each start leaves a file')
options = parser.parse_args()
kind = os.path.basename(options.model)
began = time.monotonic()
asked_health = 0
if options.marks:
    open(os.path.join(options.marks, str(os.getpid())), 'w').close()
if kind.startswith('stubborn'):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if kind.startswith('crash'):
    print('error: the model is broken', file=sys.stderr)
    sys.exit(3)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header('content-type', 'application/json')
        self.send_header('content-length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        global asked_health
        asked_health += 1
        if kind.startswith('never') or (kind.startswith('slow') and asked_health < 5):
            return self.answer(503, {'error': {'code': 503, 'message': 'Loading model', 'type': 'unavailable_error'}})
        if kind.startswith('deaf') and asked_health > 1:
            return self.answer(500, {'error': {'message': 'stuck'}})
        if self.path == '/v1/models':
            return self.answer(200, {'object': 'list', 'data': [{'id': options.alias, 'object': 'model'}]})
        self.answer(200, {'status': 'ok'})

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers['content-length'])))
        if kind.startswith('dies'):
            print('ggml: out of memory', file=sys.stderr, flush=True)
            os._exit(9)
        text = f'{asked["model"]} with {options.ctx_size or "its own"} tokens'
        self.answer(200, {'choices': [{'index': 0, 'message': {'role': 'assistant', 'content': text}, 'finish_reason': 'stop'}], 'usage': {'prompt_tokens': 3, 'completion_tokens': 4}})

    def log_message(self, form, *arguments):
        print(form % arguments, file=sys.stderr, flush=True)


print('main: loading model', file=sys.stderr, flush=True)
http.server.ThreadingHTTPServer((options.host, options.port), Handler).serve_forever()
