"""hnswlib: HNSW over float32 rows, the yardstick of the comparison."""

import common
import hnswlib
import numpy as np


class HNSW(common.System):
    name = "hnswlib M16 efC200"
    distribution = "hnswlib"
    parameters = {"M": 16, "ef_construction": 200}
    efforts = [10, 14, 20, 28, 40, 56, 80, 112, 160, 224, 320, 448, 640, 960, 1400, 2000]
    filtered_efforts = [10, 40, 160, 640, 2000]

    def build(self, rows, space):
        self.index = hnswlib.Index(space, rows.shape[1])
        self.index.init_index(len(rows), random_seed=1, **self.parameters)
        self.index.add_items(rows, num_threads=1)

    def save(self, path):
        self.index.save_index(path + "/index.bin")

    def open(self, path, space, dimension):
        self.index = hnswlib.Index(space, dimension)
        self.index.load_index(path + "/index.bin")
        self.index.set_num_threads(1)
        self.filter = None

    def set_effort(self, effort, k):
        self.index.set_ef(max(effort, k))

    def search(self, query, k):
        try:
            return self.index.knn_query(query, k, num_threads=1, filter=self.filter)[0][0]
        except RuntimeError:  # fewer than k rows passed the filter
            return np.empty(0, np.int64)

    def search_batch(self, queries, k):
        return self.index.knn_query(queries, k, num_threads=1)[0].astype(np.int64)

    def restrict(self, mask):
        # A list's own lookup is the fastest filter that the binding can call.
        self.filter = None if mask is None else mask.tolist().__getitem__


if __name__ == "__main__":
    common.main(HNSW())
