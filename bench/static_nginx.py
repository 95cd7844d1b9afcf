"""nginx with two workers and one answer to everything: what the machine and the load generator give when a server has next to nothing to do."""
import pathlib
import shutil
import subprocess
import tempfile

from gateway import free_port, wait_for_port

CONFIGURATION = """
daemon off; worker_processes 2; pid {folder}/pid; error_log /dev/null;
events {{ worker_connections 4096; }}
http {{ access_log off; keepalive_requests 100000000; default_type application/json;
  server {{ listen 127.0.0.1:{port} reuseport; location / {{ return 200 '{body}'; }} }} }}
"""


class StaticNginx:
    def __init__(self, body):
        self.folder, self.port = tempfile.mkdtemp(prefix='outcrop-bench-nginx-'), free_port()
        pathlib.Path(self.folder, 'nginx.conf').write_text(CONFIGURATION.format(folder=self.folder, port=self.port, body=body))
        self.process = subprocess.Popen(['nginx', '-p', self.folder, '-c', f'{self.folder}/nginx.conf'], stderr=subprocess.DEVNULL)

    def __enter__(self):
        wait_for_port(self.port)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=30)
        shutil.rmtree(self.folder)
