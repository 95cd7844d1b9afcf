"""Writers of one metric while the server is killed with SIGKILL again and again, then an audit.

What must hold: every acknowledged value counts exactly once; one whose answer was lost counts once or not at all; an alarm that was
acknowledged is there.

usage: cloudwatch_test.py sync|relaxed [SEED]
"""
import http.client
import json
import pathlib
import random
import sys
import tempfile
import threading
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.outcrop import Outcrop

KILLS = 8
WRITERS = 4
ACKS_BETWEEN_KILLS = (100, 600)  # a kill comes after that many more acknowledgements, by chance
BOUND_SECONDS = 60
HEADERS = {
    'content-type': 'application/x-amz-json-1.0',
    'authorization': 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/monitoring/aws4_request, SignedHeaders=host, Signature=' + '0' * 64,
    'x-amz-date': '20260101T000000Z',
}


def call(connection, operation, **parameters):
    connection.request('POST', '/', json.dumps(parameters), {**HEADERS, 'x-amz-target': f'GraniteServiceVersion20100801.{operation}'})
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise RuntimeError(f'{operation}: {response.status} {body!r}')
    return json.loads(body) if body else {}


def connect(endpoint):
    return http.client.HTTPConnection(urllib.parse.urlparse(endpoint).netloc, timeout=30)


class Writer(threading.Thread):
    """Adds ones to the metric, and makes an alarm now and then."""

    def __init__(self, name, endpoint_of, changed, stop):
        super().__init__()
        self.label, self.endpoint_of, self.changed, self.stop = name, endpoint_of, changed, stop
        self.acknowledged = self.unknown = 0
        self.alarms = []
        self.problem = None

    def run(self):
        try:
            while not self.stop.is_set():
                self.write_until_it_goes(self.endpoint_of())
        except Exception as error:  # a thread's failure is a finding, not a silence
            self.problem = f'{type(error).__name__}: {error}'

    def write_until_it_goes(self, endpoint):
        connection, tried = connect(endpoint), False
        try:
            while not self.stop.is_set():
                if self.acknowledged % 50 == 0:
                    name = f'{self.label}-{self.acknowledged}'
                    call(connection, 'PutMetricAlarm', AlarmName=name, Namespace='Crash', MetricName='count', Statistic='Sum', Period=60, EvaluationPeriods=1, Threshold=1,
                         ComparisonOperator='GreaterThanThreshold')
                    self.alarms.append(name)
                tried = True
                call(connection, 'PutMetricData', Namespace='Crash', MetricData=[{'MetricName': 'count', 'Value': 1}, {'MetricName': self.label, 'Value': 1}])
                tried = False
                self.acknowledged += 1
                with self.changed:
                    self.changed.notify_all()
        except (OSError, http.client.HTTPException):
            self.unknown += tried
        finally:
            connection.close()


def total(connection, name):
    now = time.time()
    query = {'Id': 'm1', 'MetricStat': {'Metric': {'Namespace': 'Crash', 'MetricName': name}, 'Period': 60, 'Stat': 'Sum'}}
    return sum(call(connection, 'GetMetricData', MetricDataQueries=[query], StartTime=now - 3600, EndTime=now + 60)['MetricDataResults'][0]['Values'])


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

        writers = [Writer(f'writer-{i}', endpoint_of, changed, stop) for i in range(WRITERS)]
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
        problems = [writer.problem for writer in writers if writer.problem]
        connection = connect(server.endpoint)
        acknowledged, unknown = sum(writer.acknowledged for writer in writers), sum(writer.unknown for writer in writers)
        counted = total(connection, 'count')
        print(f'{KILLS} kills, {acknowledged} acknowledged, {unknown} unknown, {counted:.0f} counted')
        if not acknowledged <= counted <= acknowledged + unknown:
            problems.append('what was acknowledged and what was counted differ')
        for writer in writers:
            own = total(connection, writer.label)
            if not writer.acknowledged <= own <= writer.acknowledged + writer.unknown:
                problems.append(f'{writer.label}: {own} counted of {writer.acknowledged}')
            for name in writer.alarms:
                if not call(connection, 'DescribeAlarms', AlarmNames=[name])['MetricAlarms']:
                    problems.append(f'the alarm {name} is gone')
        connection.close()
        assert server.stop() == 0, ''.join(server.log)
    if problems:
        sys.exit('\n'.join(problems))


if __name__ == '__main__':
    main()
