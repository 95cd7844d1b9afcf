"""Rows of the chat (examples/chat), as it is set up on AWS: what lies between a model's first token and the page, whose connection API Gateway has, while
a Node.js function relays the model's stream from Bedrock to it. bench/run calls them with its own row() and Server."""
import json
import os
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
NODE = str(ROOT / 'build/tools/bin/node')


def node(program, *words, **environment):
    run = subprocess.run([NODE, str(ROOT / program), *words], capture_output=True, text=True, timeout=120, env={**os.environ, **environment})
    assert run.returncode == 0, run.stderr[:2000]
    return json.loads(run.stdout)


class Chat:
    """The chat on a server of its own, which asks a stand-in for a model server."""
    def __init__(self, Server):
        self.model = subprocess.Popen([NODE, str(ROOT / 'bench/chat_model.mjs')], stdout=subprocess.PIPE, text=True)
        url = self.model.stdout.readline().split()[1] + '/v1'
        self.folder = tempfile.TemporaryDirectory()
        config = pathlib.Path(self.folder.name, 'outcrop.yaml')
        config.write_text(json.dumps({'models': [{'match': '*', 'provider': 'openai', 'url': url, 'served_model': 'bench'}], 'runtimes': {'nodejs22.x': NODE, 'library': str(ROOT)}}))
        self.server = Server('--config', str(config))
        self.place = node('examples/chat/setup.mjs', AWS_ENDPOINT_URL=self.server.endpoint, AWS_REGION='us-east-1', AWS_ACCESS_KEY_ID='bench', AWS_SECRET_ACCESS_KEY='bench')

    def first_tokens_us(self, pages, questions):
        """Sorted."""
        return sorted(node('bench/chat_client.mjs', self.place['url'], self.place['token'], str(pages), str(questions)))

    def __enter__(self):
        self.server.__enter__()
        return self

    def __exit__(self, *problem):
        self.server.__exit__(*problem)
        self.model.terminate()
        self.model.wait(timeout=30)
        self.folder.cleanup()


def measure(row, Server):
    with Chat(Server) as chat:
        for pages, questions, title in ((1, 100, 'one answer at a time'), (8, 200, '8 answers at once')):
            chat.first_tokens_us(pages, 10 * pages)  # environments start and code becomes warm: not counted
            times = chat.first_tokens_us(pages, questions)
            conditions = f'examples/chat on warm functions, {title}, {questions} in all; from the model server before it writes its first token to a client in Node.js that has the message'
            for share in (50, 99):
                ms = times[len(times) * share // 100] / 1000
                row(f'first token after the model\'s, {title}, p{share}', round(ms, 2), 'ms', conditions, '< 5', ms < 5)
