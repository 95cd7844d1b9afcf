"""Writers of inference profiles while the server is killed with SIGKILL again and again, then an audit.

What must hold: every profile that was acknowledged is there with its tags, unless its deletion was acknowledged, and then it is gone; a
request whose answer was lost makes one profile when it is repeated with its token; each name is taken once.

usage: bedrock_test.py sync|relaxed [SEED]
"""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.kills import Worker, headers_for, work_under_kills

WRITERS = 3
KEPT = 60  # profiles of a writer: what it makes beyond them it deletes
SOURCE = 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0'
HEADERS = headers_for('bedrock', 'application/json')


def call(connection, method, path, body=None, expected=(200, 201)):
    connection.request(method, path, json.dumps(body) if body is not None else None, HEADERS)
    response = connection.getresponse()
    text = response.read()
    if response.status not in expected:
        raise RuntimeError(f'{method} {path}: {response.status} {text!r}')
    return response.status, json.loads(text) if text else {}


class Writer(Worker):
    """Makes and tags profiles, repeats what was not answered, and deletes its older ones."""

    def __init__(self, label):
        super().__init__(label)
        self.made = 0
        self.present, self.deleted = {}, []  # names by id; ids
        self.in_doubt = None  # the id whose deletion was not answered

    def work(self, connection):
        if self.in_doubt or len(self.present) > KEPT:
            self.delete_one(connection)
        else:
            self.make_one(connection)

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
    writers = [Writer(f'writer{i}') for i in range(WRITERS)]
    work_under_kills(writers, (50, 250), lambda connection: audit(connection, writers))


if __name__ == '__main__':
    main()
