"""Holds the answers of AWS Lambda itself, recorded, against ours: management operations and their errors.

The recordings do not hold the code of their functions, so that each is given a package of our own, which nothing in these
sequences runs; those that invoke functions are left out. docs/compatibility/lambda.md says why what differs does.
"""
import base64
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.outcrop import Outcrop, skip

AGREE_SHARE_MIN = 0.9
# What the recordings' own helper for functions takes, by the parameter of the API that it stands for.
HELPER_PARAMETERS = {'runtime': 'Runtime', 'role': 'Role', 'handler': 'Handler', 'envvars': 'Environment', 'timeout': 'Timeout'}
# Sequences that need what this server has not, or that the replaying client cannot send.
NOT_REPLAYABLE = [
    (r'[Ll]ayer', 'there are no layers'),
    (r'recursion_config', 'recursive loops are not detected'),
    (r'test_alias_routingconfig|test_list_functions|total_code_size|test_alias_lifecycle|eventinvokeconfig_exceptions|envvars_near_limit',
     'the recording lacks what its own test code made of an answer or a name'),
    (r'too_long_and_invalid_region', 'the recording has several errors of one request in alphabetical order, not in AWS\'s'),
    (r'test_sqs_event_source_mapping_batch_size', 'waits for what its function did'),
    (r'test_function_concurrency', 'the recording lacks that its last call was refused'),
    (r'test_function_alias', 'another account acts, whose permissions were not recorded'),
    (r'vpc_config|capacity_provider|code_signing|CodeSigning', 'there are no VPCs, capacity providers or signatures of code'),
    (r'test_function_arns', 'AWS refuses another account\'s function without a message'),
    (r'_s3|test_large_lambda|oversized', 'the package itself, or Amazon S3, would be needed'),
    (r'test_lambda_concurrent_code_updates|test_publish_with_update', 'asks again while AWS still unpacks, which is over here'),
    (r'get_unattached|kinesis|dynamodb|Kafka|kafka', 'needs services that are not there'),
]
# What the recordings have in place of values that differ from run to run.
PLACEHOLDERS = ['code-sha256', 'lambda-url', 'maximum-batching-window-in-seconds']
RUNS_CODE = {'Invoke', 'InvokeWithResponseStream', 'InvokeAsync'}


def package(text):
    """A deployment package of one file, the same each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w') as archive:
        archive.writestr(zipfile.ZipInfo('handler.py'), f'# {text}\ndef handler(event, context):\n    return event\n')
    return {'$bytes': base64.b64encode(out.getvalue()).decode()}


def with_packages(value):
    """The same value with packages of ours for those of the recording."""
    if isinstance(value, dict):
        return package(value['$blob_sha256']) if '$blob_sha256' in value else {name: with_packages(part) for name, part in value.items()}
    return [with_packages(part) for part in value] if isinstance(value, list) else value


def creation(call):
    """CreateFunction as the recordings' helper makes it of its own parameters."""
    given = dict(call['params'])
    params = {'Handler': 'handler.handler', 'Timeout': 30, 'Code': {'ZipFile': package(call['handler_sha256'])},
              'Environment': {'Variables': {}}, 'Role': '@@env.lambda_role_arn@@'}
    for name, value in given.items():
        params[HELPER_PARAMETERS.get(name, name)] = {'Variables': value} if name == 'envvars' else value
    return call | {'params': params}


def with_messages(expected):
    """What was expected, with the message of a validation error where the recording has its parts."""
    if isinstance(expected, list):
        return [with_messages(part) for part in expected]
    if not isinstance(expected, dict):
        return expected
    if {'Count', 'Errors'} <= expected.keys():
        count, errors = expected['Count'], expected['Errors']
        noun = 'error' if count == 1 else 'errors'
        rest = {name: part for name, part in expected.items() if name not in ('Count', 'Errors')}
        return rest | {'Message': f'{count} validation {noun} detected: {"; ".join(errors)}'}
    return {name: with_messages(part) for name, part in expected.items()}


def replayable(case):
    """The case with code of ours; None where a function runs."""
    operations = {call.get('op') for call in case['calls']}
    if operations & RUNS_CODE or case['has_http'] or any('special' in call for call in case['calls']):
        return None
    calls = []
    for call in case['calls']:
        made_by_helper = call.get('op') == 'CreateFunction' and 'handler_sha256' in call
        calls.append(creation(call) if made_by_helper else with_packages(call))
        if made_by_helper and not call.get('expect_error'):
            name = call['params']['FunctionName']
            calls.append({'i': call['i'], 'wait': 'function_active_v2', 'svc': 'lambda', 'params': {'FunctionName': name}})
    matches = [match | {'expected': with_messages(match['expected'])} for match in case['matches']]
    transformers = case['transformers'] + [{'type': 'KeyValueBasedTransformer', 'replacement': text} for text in PLACEHOLDERS]
    return case | {'calls': calls, 'matches': matches, 'transformers': transformers, 'needs_lambda': []}


def transformed(folder, to):
    """Writes the cases that can be replayed to a file, and gives their number."""
    lines = pathlib.Path(folder, 'tapes', 'lambda', 'cases.jsonl').read_text().splitlines()
    cases = [case for case in map(replayable, map(json.loads, lines)) if case]
    pathlib.Path(to).write_text(''.join(json.dumps(case) + '\n' for case in cases))
    return len(cases)


def replay(server, folder, cases):
    """What differs, by name, and the counts (agree, differ)."""
    run = subprocess.run([sys.executable, f'{folder}/replay.py', 'lambda', '--with', 'sqs', '--endpoint', server.endpoint, '--cases', cases, '-v'],
                         capture_output=True, text=True, timeout=540)
    totals = re.search(r'^lambda: (.*)$', run.stdout, re.M)
    assert totals, run.stdout + run.stderr
    agree, differ = (int((re.search(rf'(\d+) {word}', totals[1]) or [0, 0])[1]) for word in ('agree', 'differ'))
    differing = {name.rpartition('::')[2]: text for name, text in re.findall(r'^DIFFER (\S+.*)\n((?:    .*\n)*)', run.stdout, re.M)}
    return differing, agree, differ


def reason_of(name):
    return next((reason for pattern, reason in NOT_REPLAYABLE if re.search(pattern, name)), None)


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
    with tempfile.TemporaryDirectory() as temporary, Outcrop() as server:
        cases = os.path.join(temporary, 'cases.jsonl')
        transformed(folder, cases)
        differing, agree, differ = replay(server, folder, cases)
    explained = {name: reason_of(name) for name in differing if reason_of(name)}
    for name, text in sorted(differing.items()):
        print(f'differs: {name}: {explained.get(name) or text.strip()}')
    total = agree + differ - len(explained)
    print(f'{agree} of {total} replayable sequences agree ({agree / total:.1%})')
    sys.exit(0 if agree / total >= AGREE_SHARE_MIN else 1)


if __name__ == '__main__':
    main()
