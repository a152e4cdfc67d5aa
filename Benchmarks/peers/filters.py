"""The filters of the comparison; SweepBenchmark makes the same ones."""

import numpy as np

QUERIES = 1000


class Filter:
    """Rows that a query may find: one mask for all queries, or one for each group of them."""

    def __init__(self, name, masks, group):
        self.name = name
        self.masks = masks
        self.group = group
        self.share = float(np.mean([masks[g].mean() for g in group]))


def standard(data):
    """Members of three sizes, a random 0.3 %, and everything but the member that the query itself belongs to."""
    count = min(QUERIES, len(data.queries))
    same = np.zeros(count, np.int64)
    filters = []
    members = data.members()
    if members is not None:
        for name, member in picked_members(members):
            filters.append(Filter(name, {0: members == member}, same))
    filters.append(Filter("random 0.3 %", {0: spread(len(data.base)) % 1000 < 3}, same))
    if members is not None:
        own = members[data.neighbors()[:count, 0]].astype(np.int64)
        filters.append(Filter("all but own member", {m: members != m for m in np.unique(own)}, own))
    return filters


def picked_members(members):
    numbers, sizes = np.unique(members, return_counts=True)
    shares = sizes / len(members)
    yield "largest member", numbers[np.argmax(sizes)]
    yield "member near 3.1 %", numbers[np.argmin(np.abs(shares - 0.031))]
    yield "member near 0.76 %", numbers[np.argmin(np.abs(shares - 0.0076))]


def spread(count):
    """A hash of every row's number (the finaliser of SplitMix64)."""
    z = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
