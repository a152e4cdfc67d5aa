"""Exact neighbours by products of matrices; `python exact.py FOLDER` writes neighbors.npy into a folder that has none."""

import os
import sys

import common  # first: it sets the number of BLAS threads  # noqa: F401
import numpy as np
from dataset import Dataset


def nearest(data, k):
    """The k nearest rows of every query, nearest first, equal scores by smaller row."""
    found = np.empty((len(data.queries), k), np.int64)
    for at in range(0, len(found), 100):
        scores = data.all_scores(data.queries[at : at + 100])
        # More than k, so that which of several equal rows is kept is decided by the sort below.
        some = min(scores.shape[1], k + 20)
        picked = np.argpartition(-scores, some - 1, axis=1)[:, :some]
        order = np.lexsort((picked, -np.take_along_axis(scores, picked, 1)), axis=1)[:, :k]
        found[at : at + 100] = np.take_along_axis(picked, order, 1)
    return found


def least_scores(data, filters, k):
    """For every filter and query: the score of the last of the k nearest rows that it allows."""
    limits = [np.empty(len(f.group), np.float32) for f in filters]
    for at in range(0, max((len(f.group) for f in filters), default=0), 100):
        scores = data.all_scores(data.queries[at : at + 100])
        for filter, limit in zip(filters, limits):
            for row, group in enumerate(filter.group[at : at + 100]):
                allowed = scores[row][filter.masks[group]]
                kept = min(k, len(allowed))
                limit[at + row] = np.partition(allowed, len(allowed) - kept)[len(allowed) - kept] if kept else np.inf
    return limits


if __name__ == "__main__":
    folder = sys.argv[1]
    np.save(os.path.join(folder, "neighbors.npy"), nearest(Dataset(folder), 20).astype(np.int32))
