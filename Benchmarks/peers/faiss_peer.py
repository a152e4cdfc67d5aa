"""faiss: HNSW over 8-bit codes, and inverted lists of 4-bit product codes; both rescored on float32 rows."""

import math

import common
import faiss
import numpy as np


class Refined(common.System):
    """A factory's index under the rescoring of `refine` times k rows."""

    distribution = "faiss-cpu"

    def metric(self, space):
        return faiss.METRIC_L2 if space == "l2" else faiss.METRIC_INNER_PRODUCT

    def save(self, path):
        faiss.write_index(self.index, path + "/index.faiss")

    def open(self, path, space, dimension):
        faiss.omp_set_num_threads(1)
        self.index = faiss.read_index(path + "/index.faiss")
        self.selector = None

    def set_effort(self, effort, k):
        self.effort = effort
        inner = self.inner_parameters(effort)
        self.search_parameters = faiss.IndexRefineSearchParameters(k_factor=effort["refine"], base_index_params=inner)

    def search(self, query, k):
        return self.index.search(query[None], k, params=self.search_parameters)[1][0]

    def search_batch(self, queries, k):
        return self.index.search(queries, k, params=self.search_parameters)[1]

    def restrict(self, mask):
        self.selector = None
        if mask is not None:
            ids = mask.nonzero()[0]
            bits = np.packbits(mask, bitorder="little")
            self.selector = faiss.IDSelectorBitmap(bits)
            self.kept = (ids, bits)  # the selector points into the bits
        self.set_effort(self.effort, 0)


class HNSW(Refined):
    name = "faiss HNSW32 SQ8 + refine"
    parameters = {"factory": "HNSW32_SQ8,RFlat", "ef_construction": 200}
    efforts = [{"efSearch": ef, "refine": 2} for ef in (10, 14, 20, 28, 40, 56, 80, 112, 160, 224, 320, 448, 640, 960, 1400)]
    filtered_efforts = [{"efSearch": ef, "refine": 2} for ef in (10, 40, 160, 640, 2000)]

    def build(self, rows, space):
        faiss.omp_set_num_threads(1)
        self.index = faiss.index_factory(rows.shape[1], self.parameters["factory"], self.metric(space))
        faiss.downcast_index(self.index.base_index).hnsw.efConstruction = self.parameters["ef_construction"]
        self.index.train(rows)
        self.index.add(rows)

    def inner_parameters(self, effort):
        return faiss.SearchParametersHNSW(efSearch=effort["efSearch"], sel=self.selector)


class FastScan(Refined):
    name = "faiss IVF PQ fast-scan + refine"
    parameters = {"lists": "a power of two near 4 sqrt(rows)", "bits": 4, "numbers_a_code": "4, or 2 where that gives fewer than 128 codes"}
    efforts = [
        {"nprobe": probes, "refine": refine}
        for refine in (3, 5, 8, 12, 20, 40)
        for probes in (8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 512)
    ]
    filtered_efforts = [{"nprobe": probes, "refine": 8} for probes in (16, 32, 64, 128, 256, 512, 1024)]
    ascending = False

    def build(self, rows, space):
        faiss.omp_set_num_threads(1)
        lists = 2 ** round(math.log2(4 * math.sqrt(len(rows))) - 0.2)
        codes = rows.shape[1] // (4 if rows.shape[1] >= 512 else 2)
        factory = f"IVF{lists},PQ{codes}x4fs,RFlat"
        self.index = faiss.index_factory(rows.shape[1], factory, self.metric(space))
        self.index.train(rows)
        self.index.add(rows)

    def inner_parameters(self, effort):
        return faiss.SearchParametersIVF(nprobe=effort["nprobe"], sel=self.selector)


if __name__ == "__main__":
    common.main(HNSW(), FastScan())
