"""ScaNN: a tree of partitions, anisotropic 4-bit codes, rescored on float32 rows."""

import math

import common
import scann


class Tree(common.System):
    name = "ScaNN tree-AH + reorder"
    distribution = "scann"
    parameters = {"leaves": "2 sqrt(rows)", "numbers_a_code": 2, "anisotropic_threshold": 0.2}
    efforts = [
        {"leaves": leaves, "reorder": reorder}
        for reorder in (30, 45, 60, 90, 120, 180, 300)
        for leaves in (5, 8, 12, 18, 27, 40, 60, 90, 140, 220, 400)
    ]
    ascending = False

    def build(self, rows, space):
        partitions = round(2 * math.sqrt(len(rows)))
        self.index = (
            scann.scann_ops_pybind.builder(rows, 10, "squared_l2" if space == "l2" else "dot_product")
            .set_n_training_threads(1)
            .tree(num_leaves=partitions, num_leaves_to_search=partitions // 20, training_sample_size=len(rows))
            .score_ah(2, anisotropic_quantization_threshold=0.2)
            .reorder(100)
            .build()
        )

    def save(self, path):
        self.index.serialize(path)

    def open(self, path, space, dimension):
        self.index = scann.scann_ops_pybind.load_searcher(path)

    def set_effort(self, effort, k):
        self.effort = {
            "final_num_neighbors": k,
            "pre_reorder_num_neighbors": effort["reorder"],
            "leaves_to_search": effort["leaves"],
        }

    def search(self, query, k):
        return self.index.search(query, **self.effort)[0]

    def search_batch(self, queries, k):
        return self.index.search_batched(queries, **self.effort)[0]


if __name__ == "__main__":
    common.main(Tree())
