"""Writers of one metric while the server is killed with SIGKILL again and again, then an audit.

What must hold: every acknowledged value counts exactly once; one whose answer was lost counts once or not at all; an alarm that was
acknowledged is there.

usage: cloudwatch_test.py sync|relaxed [SEED]
"""
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.kills import Worker, headers_for, work_under_kills

WRITERS = 4
HEADERS = headers_for('monitoring', 'application/x-amz-json-1.0')


def call(connection, operation, **parameters):
    connection.request('POST', '/', json.dumps(parameters), {**HEADERS, 'x-amz-target': f'GraniteServiceVersion20100801.{operation}'})
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise RuntimeError(f'{operation}: {response.status} {body!r}')
    return json.loads(body) if body else {}


class Writer(Worker):
    """Adds ones to the metric, and makes an alarm now and then."""

    def __init__(self, label):
        super().__init__(label)
        self.unknown, self.tried = 0, False
        self.alarms = []

    def work(self, connection):
        if self.acknowledged % 50 == 0:
            name = f'{self.label}-{self.acknowledged}'
            call(connection, 'PutMetricAlarm', AlarmName=name, Namespace='Crash', MetricName='count', Statistic='Sum', Period=60, EvaluationPeriods=1, Threshold=1,
                 ComparisonOperator='GreaterThanThreshold')
            self.alarms.append(name)
        self.tried = True
        call(connection, 'PutMetricData', Namespace='Crash', MetricData=[{'MetricName': 'count', 'Value': 1}, {'MetricName': self.label, 'Value': 1}])
        self.tried = False

    def lost(self):
        self.unknown += self.tried
        self.tried = False


def total(connection, name):
    now = time.time()
    query = {'Id': 'm1', 'MetricStat': {'Metric': {'Namespace': 'Crash', 'MetricName': name}, 'Period': 60, 'Stat': 'Sum'}}
    return sum(call(connection, 'GetMetricData', MetricDataQueries=[query], StartTime=now - 3600, EndTime=now + 60)['MetricDataResults'][0]['Values'])


def audit(connection, writers):
    acknowledged, unknown = sum(writer.acknowledged for writer in writers), sum(writer.unknown for writer in writers)
    counted = total(connection, 'count')
    print(f'{unknown} unknown, {counted:.0f} counted')
    if not acknowledged <= counted <= acknowledged + unknown:
        yield 'what was acknowledged and what was counted differ'
    for writer in writers:
        own = total(connection, writer.label)
        if not writer.acknowledged <= own <= writer.acknowledged + writer.unknown:
            yield f'{writer.label}: {own} counted of {writer.acknowledged}'
        for name in writer.alarms:
            if not call(connection, 'DescribeAlarms', AlarmNames=[name])['MetricAlarms']:
                yield f'the alarm {name} is gone'


def main():
    writers = [Writer(f'writer-{i}') for i in range(WRITERS)]
    work_under_kills(writers, (100, 600), lambda connection: audit(connection, writers))


if __name__ == '__main__':
    main()
