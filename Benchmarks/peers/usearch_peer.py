"""USearch: HNSW over half-precision rows."""

import common
import numpy as np
from usearch.index import Index


class HNSW(common.System):
    name = "USearch f16"
    distribution = "usearch"
    parameters = {"connectivity": 16, "expansion_add": 128, "dtype": "f16"}
    efforts = [10, 14, 20, 28, 40, 56, 80, 112, 160, 224, 320, 448, 640, 960, 1400, 2000]

    def build(self, rows, space):
        self.index = Index(ndim=rows.shape[1], metric="l2sq" if space == "l2" else "ip", **self.parameters)
        self.index.add(np.arange(len(rows)), rows, threads=1)

    def save(self, path):
        self.index.save(path + "/index.usearch")

    def open(self, path, space, dimension):
        self.index = Index.restore(path + "/index.usearch")

    def set_effort(self, effort, k):
        self.index.expansion_search = max(effort, k)

    def search(self, query, k):
        return self.index.search(query, k, threads=1).keys

    def search_batch(self, queries, k):
        return self.index.search(queries, k, threads=1).keys


if __name__ == "__main__":
    common.main(HNSW())
