"""Holds the answers of AWS itself, recorded, against ours: of the sequences that can be replayed, 95 % must agree.

Some recordings waited between two calls and do not say so. They are replayed once more with a fault rule that delays
the call after the pause, which is the same to the service. docs/compatibility/sqs.md says why the rest cannot agree.
"""
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.outcrop import Outcrop, skip

AGREE_SHARE_MIN = 0.95
# The call before which the recording paused, and for how long at least.
PAUSED = {
    'test_fifo_group_visibility_extends_with_change_message_visibility[sqs-1-visible]': ('ReceiveMessage', '1200ms'),
    'test_fifo_group_visibility_extends_with_change_message_visibility[sqs_query-1-visible]': ('ReceiveMessage', '1200ms'),
    'test_fifo_group_visibility_extends_with_change_message_visibility[sqs_query-2-visible]': ('ReceiveMessage', '1200ms'),
    'test_fifo_delete_after_visibility_timeout[sqs_query]': ('DeleteMessage', '1200ms'),
    'test_fifo_queue_send_message_with_zero_delay_defaults_to_queue_delay[sqs]': ('ReceiveMessage', '900ms'),
    'test_fifo_queue_send_message_with_zero_delay_defaults_to_queue_delay[sqs_query]': ('ReceiveMessage', '900ms'),
}
# Sequences that lack what their own recording had, or that the replaying client cannot send.
NOT_REPLAYABLE = {
    'test_aws_trace_header_propagation[sqs]': 'the recording client added an X-Amzn-Trace-Id header',
    'test_aws_trace_header_propagation[sqs_query]': 'the recording client added an X-Amzn-Trace-Id header',
    'test_dead_letter_queue_message_attributes': 'compares a value that its own test code assembled',
    'test_message_system_attribute_names_with_attribute_names[sqs_query]': 'the query client does not know the parameter',
    'test_receive_message_message_system_attribute_names_filters[sqs_query]': 'the query client does not know the parameter',
}


def replay(server, folder, *more):
    """Names of the sequences that differ, and the counts (agree, differ)."""
    run = subprocess.run([sys.executable, f'{folder}/replay.py', 'sqs', '--endpoint', server.endpoint, '-v', *more], capture_output=True, text=True, timeout=540)
    totals = re.search(r'^sqs: (.*)$', run.stdout, re.M)
    assert totals, run.stdout + run.stderr
    agree, differ = (int((re.search(rf'(\d+) {word}', totals[1]) or [0, 0])[1]) for word in ('agree', 'differ'))
    differing = {name.rpartition('::')[2]: text for name, text in re.findall(r'^DIFFER (\S+)\n((?:    .*\n)*)', run.stdout, re.M)}
    return differing, agree, differ


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
        differing, agree, differ = replay(server, folder)
        print(f'as they are: {agree} of {agree + differ} recorded sequences agree')
        for name in sorted(set(PAUSED) & set(differing)):
            operation, latency = PAUSED[name]
            server.admin('reset')
            server.admin('faults', service='sqs', operation=operation, latency=latency)
            again, agreed, _ = replay(server, folder, '--only', name, '--reset', '')
            if agreed and not again:
                del differing[name]
                print(f'agrees with the pause of the recording: {name}')
    for name, text in sorted(differing.items()):
        print(f'differs: {name}: {NOT_REPLAYABLE.get(name) or text.strip()}')
    replayable = agree + differ - len(NOT_REPLAYABLE.keys() & differing.keys())
    agreeing = agree + differ - len(differing)
    print(f'{agreeing} of {replayable} replayable sequences agree ({agreeing / replayable:.1%})')
    sys.exit(0 if agreeing / replayable >= AGREE_SHARE_MIN else 1)


if __name__ == '__main__':
    main()
