"""Is there one order of all calls, each at some moment between its start and its end, in which a single copy of the data gives every answer?
The search is Wing and Gong's (Testing and Verifying Concurrent Objects, 1993) with the memory of what was in vain of Lowe (Testing for
Linearizability, 2017)."""
import dataclasses
import typing


@dataclasses.dataclass
class Call:
    start: float
    end: float                # of one that was not answered: when its server was surely dead
    step: typing.Callable     # state → the state afterwards, or None where the answer does not fit
    maybe: bool = False       # not answered: it happened, or it never will
    text: str = ''


class Undecided(Exception):
    """The search took too many steps."""


def first_that_fits_nowhere(calls, state, steps_max=5_000_000):
    """None when there is such an order; otherwise the calls that no order gets past. States are hashable."""
    calls = sorted(calls, key=lambda call: call.start)
    in_vain, deepest, steps = set(), 0, 0
    # A node: how many first calls are all done, which of those behind them are (bits), the state, and the choices left.
    stack = [(0, 0, state, iter(choices(calls, 0, 0, state)))]
    while stack:
        first, done, state, left = stack[-1]
        if first == len(calls):
            return None
        deepest = max(deepest, first)
        following = next(left, None)
        if following is None:
            stack.pop()
            continue
        steps += 1
        if steps > steps_max:
            raise Undecided(f'after {steps_max} steps, {deepest} of {len(calls)} calls in')
        if following not in in_vain:
            in_vain.add(following)
            stack.append((*following, iter(choices(calls, *following))))
    return [call.text for call in calls[deepest:deepest + 12]]


def choices(calls, first, done, state):
    """What can be next: no call that began after another, not yet done, had ended."""
    ends, at = float('inf'), first
    while at < len(calls) and calls[at].start <= ends:
        if not done >> (at - first) & 1:
            ends = min(ends, calls[at].end)
        at += 1
    found, skipped = [], []
    for place in range(first, at):
        call = calls[place]
        if done >> (place - first) & 1 or call.start > ends:
            continue
        after = call.step(state)
        if after is not None:
            found.append(advanced(first, done | 1 << (place - first), after))
        if call.maybe:
            skipped.append(advanced(first, done | 1 << (place - first), state))
    return found + skipped


def advanced(first, done, state):
    while done & 1:
        first, done = first + 1, done >> 1
    return first, done, state
