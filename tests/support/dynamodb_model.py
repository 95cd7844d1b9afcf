"""What DynamoDB's expressions mean, as a second, slow and plain reading of the Developer Guide: expressions are trees of tuples, items are
dicts of values as they travel ({'S': 'x'}), and numbers are Python's decimals."""
import decimal

EXACT = decimal.Context(prec=600, Emin=-10000, Emax=10000)
DIGITS, LARGEST, SMALLEST = 38, 125, -130  # significant digits; exponents of the first digit


class Refused(Exception):
    """The update cannot be carried out on this item."""


def kind(value):
    return next(iter(value))


def number(value):
    return EXACT.create_decimal(value['N'])


def number_value(exact):
    """As a value of DynamoDB's; refused where it has none."""
    exact = exact.normalize(EXACT)
    if exact and (len(exact.as_tuple().digits) > DIGITS or not SMALLEST <= exact.adjusted() <= LARGEST):
        raise Refused('no number of DynamoDB')
    return {'N': format(exact, 'f') if exact else '0'}


def plain(value):
    """Comparable with ==: numbers by value, sets without order."""
    (name, content), = value.items()
    if name == 'N':
        return name, number(value)
    if name in ('SS', 'BS'):
        return name, frozenset(content)
    if name == 'NS':
        return name, frozenset(EXACT.create_decimal(one) for one in content)
    if name == 'L':
        return name, tuple(plain(one) for one in content)
    if name == 'M':
        return name, tuple(sorted((key, plain(one)) for key, one in content.items()))
    return name, content


def same(a, b):
    return plain(a) == plain(b)


def order(a, b):
    """-1, 0, 1; None: they have none."""
    if kind(a) != kind(b) or kind(a) not in 'SNB':
        return None
    x, y = (number(a), number(b)) if kind(a) == 'N' else (a[kind(a)], b[kind(b)])
    if kind(a) == 'S':
        x, y = x.encode(), y.encode()
    return (x > y) - (x < y)


def find(item, path):
    value = {'M': item}
    for step in path:
        content = value.get('L' if isinstance(step, int) else 'M')
        if content is None or (step >= len(content) if isinstance(step, int) else step not in content):
            return None
        value = content[step]
    return value


def size(value):
    name = kind(value)
    if name == 'S':
        return len(value['S'].encode())
    return len(value[name]) if name in ('B', 'SS', 'NS', 'BS', 'L', 'M') else None


def operand(tree, item):
    if tree[0] == 'value':
        return tree[1]
    value = find(item, tree[1])
    if tree[0] == 'path' or value is None:
        return value
    return None if size(value) is None else {'N': str(size(value))}


def compares(symbol, a, b):
    if symbol == '<>':
        return a is None or b is None or not same(a, b)
    if a is None or b is None:
        return False
    if symbol == '=':
        return same(a, b)
    found = order(a, b)
    return found is not None and {'<': found < 0, '<=': found <= 0, '>': found > 0, '>=': found >= 0}[symbol]


def contains(whole, part):
    name = kind(whole)
    if name in 'SB':
        return kind(part) == name and part[name] in whole[name]
    if name == 'L':
        return any(same(one, part) for one in whole['L'])
    return name in ('SS', 'NS', 'BS') and kind(part) == name[0] and any(same({name[0]: one}, part) for one in whole[name])


def holds(tree, item):
    op, *rest = tree
    if op in ('AND', 'OR'):
        return (all if op == 'AND' else any)([holds(part, item) for part in rest])
    if op == 'NOT':
        return not holds(rest[0], item)
    values = [operand(one, item) for one in rest]
    if op == 'attribute_exists':
        return values[0] is not None
    if op == 'attribute_not_exists':
        return values[0] is None
    if op == 'BETWEEN':
        return compares('>=', values[0], values[1]) and compares('<=', values[0], values[2])
    if op == 'IN':
        return any(compares('=', values[0], one) for one in values[1:])
    if op in ('attribute_type', 'begins_with', 'contains'):
        if None in values:
            return False
        if op == 'attribute_type':
            return kind(values[0]) == values[1]['S']
        if op == 'contains':
            return contains(*values)
        return kind(values[0]) == kind(values[1]) and kind(values[0]) in 'SB' and values[0][kind(values[0])].startswith(values[1][kind(values[1])])
    return compares(op, *values)


def computed(tree, item):
    """What SET puts."""
    op, *rest = tree
    if op == 'if_not_exists':
        there = find(item, rest[0])
        return computed(rest[1], item) if there is None else there
    if op in ('path', 'value'):
        value = operand(tree, item)
        if value is None:
            raise Refused('there is no such attribute')
        return value
    a, b = (computed(one, item) for one in rest)
    wanted = 'L' if op == 'list_append' else 'N'
    if kind(a) != wanted or kind(b) != wanted:
        raise Refused('a wrong type')
    if op == 'list_append':
        return {'L': a['L'] + b['L']}
    return number_value(EXACT.add(number(a), number(b)) if op == '+' else EXACT.subtract(number(a), number(b)))


def added(there, more):
    if there is None:
        return more
    name = kind(more)
    if kind(there) != name:
        raise Refused('a wrong type')
    if name == 'N':
        return number_value(EXACT.add(number(there), number(more)))
    return {name: there[name] + [one for one in more[name] if not contains(there, {name[0]: one})]}


def lessened(there, less):
    if there is None:
        return None
    name = kind(less)
    if kind(there) != name:
        raise Refused('a wrong type')
    rest = [one for one in there[name] if not contains(less, {name[0]: one})]
    return {name: rest} if rest else None


class Places(dict):
    """A list under change, by the places that its elements had."""


def opened(value):
    """A copy in which lists are Places."""
    if 'M' in value:
        return {'M': {name: opened(one) for name, one in value['M'].items()}}
    if 'L' in value:
        return {'L': Places((place, opened(one)) for place, one in enumerate(value['L']))}
    return value


def closed(value):
    if 'M' in value:
        return {'M': {name: closed(one) for name, one in value['M'].items()}}
    if isinstance(value.get('L'), Places):
        return {'L': [closed(value['L'][place]) for place in sorted(value['L'])]}
    return value


def updated(item, actions):
    """The item afterwards. Every action reads the item as it was."""
    after = opened({'M': item})
    for op, path, *rest in actions:
        if op == 'SET':
            value = computed(rest[0], item)
        elif op == 'ADD':
            value = added(find(item, path), rest[0])
        else:
            value = lessened(find(item, path), rest[0]) if op == 'DELETE' else None
        holder = after
        for step in path[:-1]:
            content = holder.get('L' if isinstance(step, int) else 'M')
            if content is None or step not in content:
                raise Refused('the path leads nowhere')
            holder = content[step]
        content = holder.get('L' if isinstance(path[-1], int) else 'M')
        if content is None:
            raise Refused('the path leads nowhere')
        if value is None:
            content.pop(path[-1], None)
        else:
            content[path[-1]] = opened(value)
    return closed(after)['M']
