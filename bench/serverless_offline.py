"""serverless-offline (npm), which runs the WebSocket APIs of the Serverless Framework on a developer's machine: what ours are measured against."""
import json
import os
import pathlib
import subprocess
import tempfile

from gateway import free_port, wait_for_port

ROOT = pathlib.Path(__file__).resolve().parent.parent
MODULES = ROOT / 'build/tools/serverless-offline/node_modules'  # bench/setup_peers
FUNCTION = 'async ({ requestContext: { connectionId } }) => ({ statusCode: 200, body: JSON.stringify({ connectionId }) })'
ROUTES = [{'route': '$connect'}, {'route': '$disconnect'}, {'route': '$default', 'routeResponseSelectionExpression': '$default'}]


def is_there():
    return (MODULES / 'serverless-offline').exists()


class ServerlessOffline:
    """An API whose routes lead to one Node.js function, which tells a client its connection's id."""
    path = '/'

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        service = pathlib.Path(self.folder.name)
        (service / 'node_modules').symlink_to(MODULES)
        (service / 'index.js').write_text(f'exports.handler = {FUNCTION};\n')
        (service / 'serverless.yml').write_text(json.dumps({
            'service': 'bench', 'plugins': ['serverless-offline'],
            'provider': {'name': 'aws', 'runtime': 'nodejs20.x', 'websocketsApiRouteSelectionExpression': '$request.body.action'},
            'functions': {'bench': {'handler': 'index.handler', 'events': [{'websocket': route} for route in ROUTES]}}}))
        self.port = free_port()
        words = [str(ROOT / 'build/tools/bin/node'), str(MODULES / 'serverless/bin/serverless.js'), 'offline', 'start', '--host', '127.0.0.1',
                 '--websocketPort', str(self.port), '--httpPort', str(free_port()), '--lambdaPort', str(free_port())]
        quiet = {'SLS_TELEMETRY_DISABLED': '1', 'SLS_NOTIFICATIONS_MODE': 'off', 'SLS_DEPRECATION_DISABLE': '*'}
        self.process = subprocess.Popen(words, cwd=service, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **quiet})
        wait_for_port(self.port)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()  # it holds nothing, and takes its time to end when it was told to
        self.process.wait(timeout=30)
        self.folder.cleanup()
