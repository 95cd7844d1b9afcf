"""Writers of inference profiles while the server is killed with SIGKILL again and again, then an audit.

What must hold: every profile that was acknowledged is there with its tags, unless its deletion was acknowledged, and then it is gone; a
request whose answer was lost makes one profile when it is repeated with its token; each name is taken once.

usage: bedrock_test.py sync|relaxed [SEED]
"""
import http.client
import json
import pathlib
import random
import sys
import tempfile
import threading
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.outcrop import Outcrop

KILLS = 8
WRITERS = 3
ACKS_BETWEEN_KILLS = (50, 250)  # a kill comes after that many more acknowledgements, by chance
KEPT = 60  # profiles of a writer: what it makes beyond them it deletes
BOUND_SECONDS = 60
SOURCE = 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0'
HEADERS = {
    'content-type': 'application/json',
    'authorization': 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=' + '0' * 64,
    'x-amz-date': '20260101T000000Z',
}


def call(connection, method, path, body=None, expected=(200, 201)):
    connection.request(method, path, json.dumps(body) if body is not None else None, HEADERS)
    response = connection.getresponse()
    text = response.read()
    if response.status not in expected:
        raise RuntimeError(f'{method} {path}: {response.status} {text!r}')
    return response.status, json.loads(text) if text else {}


def connect(endpoint):
    return http.client.HTTPConnection(urllib.parse.urlparse(endpoint).netloc, timeout=30)


class Writer(threading.Thread):
    """Makes and tags profiles, repeats what was not answered, and deletes its older ones."""

    def __init__(self, label, endpoint_of, changed, stop):
        super().__init__()
        self.label, self.endpoint_of, self.changed, self.stop = label, endpoint_of, changed, stop
        self.acknowledged = self.made = 0
        self.present, self.deleted = {}, []  # names by id; ids
        self.in_doubt = None  # the id whose deletion was not answered
        self.problem = None

    def run(self):
        try:
            while not self.stop.is_set():
                self.write_until_it_goes(self.endpoint_of())
        except Exception as error:  # a thread's failure is a finding, not a silence
            self.problem = f'{type(error).__name__}: {error}'

    def write_until_it_goes(self, endpoint):
        connection = connect(endpoint)
        try:
            while not self.stop.is_set():
                if self.in_doubt or len(self.present) > KEPT:
                    self.delete_one(connection)
                else:
                    self.make_one(connection)
                self.acknowledged += 1
                with self.changed:
                    self.changed.notify_all()
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()

    def make_one(self, connection):
        name = f'{self.label} {self.made}'
        body = {'inferenceProfileName': name, 'clientRequestToken': f'{self.label}-{self.made}', 'modelSource': {'copyFrom': SOURCE},
                'tags': [{'key': 'name', 'value': name}]}
        _, answer = call(connection, 'POST', '/inference-profiles', body)
        self.present[answer['inferenceProfileArn'].split('/')[1]] = name
        self.made += 1

    def delete_one(self, connection):
        self.in_doubt = self.in_doubt or next(iter(self.present))
        self.present.pop(self.in_doubt, None)
        call(connection, 'DELETE', f'/inference-profiles/{self.in_doubt}', expected=(200, 404))
        self.deleted.append(self.in_doubt)
        self.in_doubt = None


def audit(connection, writers):
    problems = []
    listed = {}
    token = ''
    while token is not None:
        more = f'&nextToken={token}' if token else ''
        _, page = call(connection, 'GET', f'/inference-profiles?type=APPLICATION&maxResults=50{more}')
        listed.update({profile['inferenceProfileId']: profile['inferenceProfileName'] for profile in page['inferenceProfileSummaries']})
        token = page.get('nextToken')
    if len(set(listed.values())) != len(listed):
        problems.append('a name is taken twice')
    for writer in writers:
        for profile, name in writer.present.items():
            if listed.get(profile) != name:
                problems.append(f'the profile {name} is {listed.get(profile)}')
                continue
            arn = f'arn:aws:bedrock:us-east-1:000000000000:application-inference-profile/{profile}'
            _, answer = call(connection, 'POST', '/listTagsForResource', {'resourceARN': arn})
            if answer['tags'] != [{'key': 'name', 'value': name}]:
                problems.append(f'the tags of {name} are {answer["tags"]}')
        problems += [f'{profile} was deleted and is there' for profile in writer.deleted if profile in listed]
    known = {profile for writer in writers for profile in (*writer.present, writer.in_doubt)}
    # Of each writer the last request may have been carried out and not answered.
    if len(set(listed) - known) > len(writers):
        problems.append(f'{len(set(listed) - known)} profiles that nobody knows')
    return problems


def main():
    durability = sys.argv[1]
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(10**6)
    print(f'seed {seed}')
    chance = random.Random(seed)
    changed, stop, up = threading.Condition(), threading.Event(), threading.Event()
    with tempfile.TemporaryDirectory() as folder, Outcrop('--durability', durability, data=folder) as server:
        up.set()

        def endpoint_of():
            assert up.wait(BOUND_SECONDS), 'the server stayed away'
            return server.endpoint

        writers = [Writer(f'writer{i}', endpoint_of, changed, stop) for i in range(WRITERS)]
        for writer in writers:
            writer.start()
        try:
            for _ in range(KILLS):
                goal = sum(writer.acknowledged for writer in writers) + chance.randrange(*ACKS_BETWEEN_KILLS)
                with changed:
                    assert changed.wait_for(lambda: sum(writer.acknowledged for writer in writers) >= goal, BOUND_SECONDS), 'no more is acknowledged'
                up.clear()
                server.kill()
                server.start()
                up.set()
        finally:
            stop.set()
            up.set()
            for writer in writers:
                writer.join()
        connection = connect(server.endpoint)
        problems = [writer.problem for writer in writers if writer.problem] + audit(connection, writers)
        print(f'{KILLS} kills, {sum(writer.made for writer in writers)} made, {sum(len(writer.deleted) for writer in writers)} deleted')
        connection.close()
        assert server.stop() == 0, ''.join(server.log)
    if problems:
        sys.exit('\n'.join(problems))


if __name__ == '__main__':
    main()
