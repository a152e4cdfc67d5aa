"""Folders of vectors: base, queries, neighbors, and perhaps a member for every row."""

import hashlib
import os

import numpy as np


class Dataset:
    """One folder, read when needed, so that memory can be measured before the rows are there."""

    def __init__(self, folder, metric="auto", k=10, query_limit=None):
        self.folder = os.path.abspath(folder)
        self.k = k
        self.queries = read_vectors(find(folder, "queries", "query", "test"))[:query_limit]
        self.metric = metric if metric != "auto" else self._guess_metric()
        if self.metric == "cosine":
            self.queries = unit(self.queries)
        self._base = None

    @property
    def space(self):
        """What peers are asked for: rows under cosine are scaled to unit length and compared by inner product."""
        return "l2" if self.metric == "l2" else "ip"

    @property
    def base(self):
        if self._base is None:
            rows = read_vectors(self.base_path)
            self._base = unit(rows) if self.metric == "cosine" else rows
        return self._base

    @property
    def base_path(self):
        return find(self.folder, "base", "train")

    @property
    def dimension(self):
        return self.queries.shape[1]

    def digest(self):
        """Names what an index was built from."""
        digest = hashlib.blake2b(digest_size=8)
        digest.update(self.metric.encode())
        with open(self.base_path, "rb") as file:
            while block := file.read(1 << 22):
                digest.update(block)
        return digest.hexdigest()

    def members(self):
        path = os.path.join(self.folder, "member.npy")
        return np.load(path) if os.path.exists(path) else None

    def scores(self, queries, ids):
        """Exact scores, larger is nearer; minus infinity where the id is no row."""
        found = np.full(ids.shape, -np.inf, np.float32)
        for at in range(0, len(ids), 500):
            some = ids[at : at + 500]
            rows = self.base[np.where(some < 0, 0, some)]
            query = queries[at : at + 500]
            if self.space == "l2":
                score = -((rows - query[:, None, :]) ** 2).sum(2)
            else:
                score = np.einsum("qkd,qd->qk", rows, query)
            found[at : at + 500] = np.where(some < 0, -np.inf, score)
        return found

    def all_scores(self, queries):
        products = queries @ self.base.T
        if self.space == "ip":
            return products
        if not hasattr(self, "_squares"):
            self._squares = (self.base**2).sum(1)
        return 2 * products - self._squares - (queries**2).sum(1)[:, None]

    def neighbors(self):
        """The k exact nearest rows of every query, from the folder or else computed."""
        path = find(self.folder, "neighbors", "neighbours", "groundtruth", "gt", needed=False)
        if path:
            table = read_integers(path)
            if table.shape[1] >= self.k and len(table) >= len(self.queries):
                return table[: len(self.queries), : self.k]
        from exact import nearest

        return nearest(self, self.k)

    def _guess_metric(self):
        rows = read_vectors(self.base_path, 1000)
        lengths = np.linalg.norm(rows, axis=1)
        return "ip" if np.abs(lengths - 1).max() < 0.01 else "l2"


def find(folder, *names, needed=True):
    for name in names:
        for ending in (".npy", ".fvecs", ".ivecs", ".fbin", ".ibin"):
            path = os.path.join(folder, name + ending)
            if os.path.exists(path):
                return path
    if needed:
        raise SystemExit(f"{folder} has no file {names[0]}.npy, .fvecs or .fbin")
    return None


def read_vectors(path, limit=None):
    """Rows as float32, contiguous."""
    if path.endswith(".npy"):
        rows = np.load(path, mmap_mode="r")[:limit]
    elif path.endswith(".fbin"):
        count, dimension = np.fromfile(path, np.uint32, 2)
        rows = np.memmap(path, np.float32, "r", 8, (int(count), int(dimension)))[:limit]
    else:
        rows = length_prefixed(path).view(np.float32)[:limit]
    return np.ascontiguousarray(rows, dtype=np.float32)


def read_integers(path):
    if path.endswith(".npy"):
        return np.load(path).astype(np.int64)
    if path.endswith(".ibin"):
        count, columns = np.fromfile(path, np.uint32, 2)
        return np.fromfile(path, np.int32, int(count) * int(columns), offset=8).reshape(count, columns).astype(np.int64)
    return length_prefixed(path).astype(np.int64)


def length_prefixed(path):
    """.fvecs and .ivecs: every row begins with its length."""
    words = np.memmap(path, np.int32, "r")
    return words.reshape(-1, int(words[0]) + 1)[:, 1:]


def unit(rows):
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.maximum(lengths, np.finfo(np.float32).tiny)
