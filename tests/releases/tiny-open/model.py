# SPDX-License-Identifier: Apache-2.0
"""The architecture of tiny-open: a log-linear model of the next character; its random numbers and its file format.

The score of a next token c after the three tokens a1 (nearest), a2, a3 is

    score(c) = bias[c] + near[a1][c] + middle[a2][c] + far[a3][c]

and its probability is the softmax of the scores.

Results must be the same to the last bit on every machine. Hence nothing here calls the C library's exp or log, nor the
built-in sum() (which rounds differently from Python 3.12 on): only + - * / on IEEE 754 doubles, in a fixed order.
"""

import json
import math
import struct

TABLES = ("near", "middle", "far")
CONTEXT = len(TABLES)
LN2 = 0.6931471805599453


def exponentials(scores):
    """Return e^(s - max) for each score: a Taylor polynomial on 1/256 of the argument, then eight squarings."""
    top = max(scores)
    out = []
    for score in scores:
        y = (score - top) * 0.00390625
        if y < -0.5:  # below e^-128: nothing
            out.append(0.0)
            continue
        e = 1.0 + y * (1.0 + y * (0.5 + y * (0.16666666666666666 + y * (0.041666666666666664 + y * 0.008333333333333333))))
        e *= e
        e *= e
        e *= e
        e *= e
        e *= e
        e *= e
        e *= e
        out.append(e * e)
    return out


def logarithm(x):
    """Return the natural logarithm of a positive double, by the series of atanh on its mantissa."""
    mantissa, exponent = math.frexp(x)  # exact
    t = (mantissa - 1.0) / (mantissa + 1.0)
    square = t * t
    series = 0.0
    for n in range(41, 0, -2):
        series = series * square + 1.0 / n
    return exponent * LN2 + 2.0 * t * series


def probabilities(weights, context):
    """Return the distribution of the next token; `context` lists tokens from the nearest to the farthest."""
    near, middle, far = (weights[name][token] for name, token in zip(TABLES, context))
    scores = [b + n + m + f for b, n, m, f in zip(weights["bias"], near, middle, far)]
    powers = exponentials(scores)
    total = 0.0
    for power in powers:
        total += power
    return [power / total for power in powers]


def examples(documents, boundary):
    """Return (context, next token) pairs; each document starts after, and ends with, the boundary token."""
    pairs = []
    for tokens in documents:
        context = (boundary,) * CONTEXT
        for token in tokens + [boundary]:
            pairs.append((context, token))
            context = (token,) + context[:-1]
    return pairs


def mean_loss(weights, pairs):
    """Return the mean of -log p(next token), in nats a token."""
    total = 0.0
    for context, token in pairs:
        total -= logarithm(probabilities(weights, context)[token])
    return total / len(pairs)


def zeros(size):
    """Return the weights that training starts from."""
    weights = {name: [[0.0] * size for _ in range(size)] for name in TABLES}
    weights["bias"] = [0.0] * size
    return weights


class Pcg32:
    """The PCG-XSH-RR generator of M. O'Neill: 64 bits of state, 32 bits out."""

    def __init__(self, seed, stream=54):
        """Seed it as the reference implementation does."""
        self.state = 0
        self.increment = (stream << 1 | 1) & 0xFFFFFFFFFFFFFFFF
        self.next()
        self.state = (self.state + seed) & 0xFFFFFFFFFFFFFFFF
        self.next()

    def next(self):
        """Return 32 random bits."""
        old = self.state
        self.state = (old * 6364136223846793005 + self.increment) & 0xFFFFFFFFFFFFFFFF
        word = ((old >> 18 ^ old) >> 27) & 0xFFFFFFFF
        turn = old >> 59
        return (word >> turn | word << (-turn & 31)) & 0xFFFFFFFF

    def shuffle(self, items):
        """Shuffle a list in place (Fisher-Yates)."""
        for i in range(len(items) - 1, 0, -1):
            j = self.next() * (i + 1) >> 32
            items[i], items[j] = items[j], items[i]


def save(path, weights, metadata):
    """Write safetensors: header length, sorted JSON header padded to eight bytes, float32 values by tensor name."""
    header = {"__metadata__": metadata}
    values = []
    for name in sorted(weights):
        table = weights[name]
        rows = table if isinstance(table[0], list) else [table]
        shape = [len(table)] if table is rows[0] else [len(rows), len(rows[0])]
        begin = 4 * len(values)
        for row in rows:
            values.extend(row)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [begin, 4 * len(values)]}
    text = json.dumps(header, sort_keys=True, separators=(",", ":")).encode("ascii")
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + struct.pack("<%df" % len(values), *values))


def load(path):
    """Read what `save` wrote."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length).decode("ascii"))
        data = file.read()
    header.pop("__metadata__", None)
    weights = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = list(struct.unpack("<%df" % ((end - begin) // 4), data[begin:end]))
        if len(entry["shape"]) == 2:
            width = entry["shape"][1]
            values = [values[i : i + width] for i in range(0, len(values), width)]
        weights[name] = values
    return weights
