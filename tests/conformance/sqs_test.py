"""Holds the answers of AWS itself, recorded, against ours: at least 95 % of the cases must agree."""
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.outcrop import Outcrop, skip

AGREE_SHARE_MIN = 0.95


def main():
    folder = os.environ.get('OUTCROP_CONFORMANCE')
    if not folder:
        skip('OUTCROP_CONFORMANCE names no folder of recorded answers')
    try:
        import boto3
    except ImportError:
        skip(f'{sys.executable} has no boto3')
    if tuple(map(int, boto3.__version__.split('.')[:2])) < (1, 40):
        skip(f'the replayer needs boto3 1.40; {sys.executable} has {boto3.__version__}')
    with Outcrop() as server:
        run = subprocess.run([sys.executable, f'{folder}/replay.py', 'sqs', '--endpoint', server.endpoint, '-v'], capture_output=True, text=True, timeout=540)
    print(run.stdout[-6000:], run.stderr[-2000:])
    totals = re.search(r'^sqs: (.*)$', run.stdout, re.M).group(1)
    agree, differ = (int((re.search(rf'(\d+) {word}', totals) or [0, 0])[1]) for word in ('agree', 'differ'))
    share = agree / max(1, agree + differ)
    print(f'{agree} of {agree + differ} recorded cases agree ({share:.1%})')
    sys.exit(0 if share >= AGREE_SHARE_MIN else 1)


if __name__ == '__main__':
    main()
