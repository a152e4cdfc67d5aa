"""One Python client against embedded services on the same rows: queries a second at equal recall.

    .venv-services/bin/python peers/services.py --engine ../.build/release/kagami --data DIR [--json FILE] [--only NAME]

Each is asked one query a call as its own documents show it, at the efforts of its own knob; ours also with many requests under way, and with 64 vectors a
request. Every system may use the whole machine, as it does unless told otherwise. Figures are of time that passes, and of processor time (client, engine
and all their threads), each the best of the rounds; on a busy machine the second is the one to look at. Speed at a recall lies between two neighbouring
points, its logarithm linear in recall. What cannot be imported is left out.
"""

import argparse
import importlib.metadata
import json
import math
import os
import shutil
import sys
import time

import catalogue
import numpy as np
from dataset import Dataset

import kagami

RECALLS = (0.95, 0.99)


class Service:
    """A system: built into a folder once, then asked at some effort. `search` takes one query, `search_all` all of them."""

    name = ""
    distribution = ""
    efforts = []

    def build(self, data, folder):
        raise NotImplementedError

    def open(self, data, folder):
        raise NotImplementedError

    def set_effort(self, effort):
        self.effort = effort

    def prepare(self, queries):
        """The queries in the form that `search` takes; not measured."""
        return [query.tolist() for query in queries]

    def search_all(self, prepared, k):
        return [self.search(query, k) for query in prepared]

    def processor_seconds(self):
        """What this process and its helpers have used of processors."""
        return time.process_time()

    def close(self):
        pass


class QdrantEdge(Service):
    """HNSW with 8-bit scalar codes beside float32 rows; searched with and without the codes."""

    name = "qdrant-edge"
    distribution = "qdrant-edge-py"
    efforts = [(ef, codes) for codes in (True, False) for ef in (16, 24, 32, 48, 64, 96, 128, 192)]

    def build(self, data, folder):
        import qdrant_edge as q

        kind = q.Distance.Euclid if data.space == "l2" else q.Distance.Dot
        codes = q.ScalarQuantizationConfig(type=q.ScalarType.Int8, always_ram=True)
        vectors = q.EdgeVectorParams(
            size=data.dimension, distance=kind, quantization_config=codes,
            hnsw_config=q.HnswIndexConfig(m=16, ef_construct=100, full_scan_threshold=10),
        )  # fmt: skip
        config = q.EdgeConfig(
            vectors=vectors, optimizers=q.EdgeOptimizersConfig(default_segment_number=1, indexing_threshold=1000)
        )
        shard = q.EdgeShard.create(folder, config)
        for start in range(0, len(data.base), 1000):
            points = [q.Point(start + i, row.tolist()) for i, row in enumerate(data.base[start : start + 1000])]
            shard.update(q.UpdateOperation.upsert_points(points))
        shard.optimize()
        shard.flush()
        shard.close()

    def open(self, data, folder):
        import qdrant_edge as q

        self.library, self.shard = q, q.EdgeShard.load(folder)

    def set_effort(self, effort):
        q = self.library
        ef, codes = effort
        use = q.QuantizationSearchParams(ignore=not codes, rescore=codes, oversampling=2.0 if codes else None)
        self.params = q.SearchParams(hnsw_ef=ef, quantization=use)

    def search(self, query, k):
        q = self.library
        found = self.shard.query(q.QueryRequest(query=q.Query.Nearest(query), limit=k, params=self.params))
        return [point.id for point in found]

    def close(self):
        self.shard.close()


class Chroma(Service):
    """HNSW over float32, in a persistent client."""

    name = "Chroma"
    distribution = "chromadb"
    efforts = [16, 32, 64, 100, 150, 250, 400]

    def build(self, data, folder):
        space = "l2" if data.space == "l2" else "ip"
        configuration = {"hnsw": {"space": space, "ef_construction": 100, "max_neighbors": 16}}
        rows = self._client(folder).create_collection("rows", configuration=configuration, embedding_function=None)
        for start in range(0, len(data.base), 5000):
            block = data.base[start : start + 5000]
            rows.add(ids=[str(start + i) for i in range(len(block))], embeddings=block)

    def open(self, data, folder):
        self.folder = folder

    @staticmethod
    def _client(folder):
        import chromadb

        return chromadb.PersistentClient(folder, chromadb.config.Settings(anonymized_telemetry=False))

    def set_effort(self, effort):
        # An index that is in memory keeps the effort it was opened with.
        self._rows().modify(configuration={"hnsw": {"ef_search": effort}})
        self.rows = self._rows()

    def _rows(self):
        from chromadb.api.shared_system_client import SharedSystemClient

        SharedSystemClient.clear_system_cache()
        return self._client(self.folder).get_collection("rows", embedding_function=None)

    def prepare(self, queries):
        return list(queries)

    def search(self, query, k):
        found = self.rows.query(query_embeddings=[query], n_results=k, include=["distances"])
        return [int(key) for key in found["ids"][0]]


class LanceDB(Service):
    """IVF of HNSW over 8-bit codes, rescored."""

    name = "LanceDB"
    distribution = "lancedb"
    efforts = [(1, 1), (2, 2), (4, 2), (8, 3), (16, 5), (32, 10)]

    def build(self, data, folder):
        import lancedb
        import pyarrow as pa

        flat = pa.array(data.base.reshape(-1))
        vectors = pa.FixedSizeListArray.from_arrays(flat, data.dimension)
        table = pa.table({"id": pa.array(range(len(data.base))), "vector": vectors})
        rows = lancedb.connect(folder).create_table("rows", table)
        metric = "l2" if data.space == "l2" else "dot"
        rows.create_index(metric=metric, vector_column_name="vector", index_type="IVF_HNSW_SQ", num_partitions=16)

    def open(self, data, folder):
        import lancedb

        self.rows = lancedb.connect(folder).open_table("rows")
        self.metric = "l2" if data.space == "l2" else "dot"

    def prepare(self, queries):
        return list(queries)

    def search(self, query, k):
        probes, refine = self.effort
        asked = self.rows.search(query).distance_type(self.metric).limit(k).nprobes(probes).refine_factor(refine)
        return asked.select(["id", "_distance"]).to_arrow()["id"].to_pylist()


class Kagami(Service):
    """The Python client and `kagami serve`; one call for each query, or as `mode` says."""

    distribution = None
    efforts = [0.8, 0.9, 0.94, 0.95, 0.96, 0.98, 0.985, 0.99, 0.995]

    def __init__(self, engine, mode):
        self.engine, self.mode = engine, mode
        self.name = f"Kagami, {mode}"

    def build(self, data, folder):
        catalogue.made(self.engine, data)

    def open(self, data, folder):
        self.client = kagami.Client(catalogue.made(self.engine, data), binary=self.engine)

    def prepare(self, queries):
        return queries

    def search_all(self, prepared, k):
        if self.mode == "one at a time":
            answers = (self.client.search(query, k=k, target_recall=self.effort) for query in prepared)
        else:
            batch = 64 if self.mode == "64 a request" else 1
            answers = self.client.search_iter(prepared, k=k, batch=batch, target_recall=self.effort)
        return np.concatenate([answer.keys for answer in answers]).astype(np.int64)

    def processor_seconds(self):
        return time.process_time() + catalogue.processor_seconds(self.client.pid)

    def close(self):
        self.client.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--engine", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--json")
    parser.add_argument("--only", help="only systems whose name contains this")
    parser.add_argument("--queries", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    data = Dataset(options.data, query_limit=options.queries)
    modes = ("one at a time", "pipelined", "64 a request")
    services = [QdrantEdge(), Chroma(), LanceDB(), *(Kagami(options.engine, mode) for mode in modes)]
    results = []
    for service in services:
        if options.only and options.only.lower() not in service.name.lower():
            continue
        try:
            results.append(measure(service, data, options.rounds))
        except ImportError as error:
            log(f"{service.name} is left out: {error}")
    report(results)
    if options.json:
        write(options.json, data, results)


def measure(service, data, rounds):
    folder = built(service, data)
    service.open(data, folder)
    truth = data.scores(data.queries, data.neighbors()[:, data.k - 1 : data.k])[:, 0]
    prepared = service.prepare(data.queries)
    points = []
    for effort in service.efforts:
        service.set_effort(effort)
        ids = np.full((len(data.queries), data.k), -1, np.int64)
        for row, found in zip(ids, service.search_all(prepared, data.k), strict=True):
            row[: len(found)] = found
        recall = float((data.scores(data.queries, ids) >= (truth - 1e-6)[:, None]).mean())
        passed = used = math.inf
        for _ in range(rounds):
            begun, before = time.perf_counter(), service.processor_seconds()
            service.search_all(prepared, data.k)
            passed = min(passed, time.perf_counter() - begun)
            used = min(used, service.processor_seconds() - before)
        count = len(data.queries)
        points.append({"effort": str(effort), "recall": recall, "qps": count / passed, "cpu_qps": count / used})
        log(
            f"{service.name}, {effort}: recall {recall:.4f}, {count / passed:.0f} queries a second, "
            f"{count / used:.0f} a second of processor time"
        )
    service.close()
    version = importlib.metadata.version(service.distribution) if service.distribution else kagami.__version__
    return {"name": service.name, "version": version, "points": points}


def built(service, data):
    """The folder of what was built, now or in an earlier run."""
    slug = "".join(c if c.isalnum() else "-" for c in service.name.lower())
    folder = os.path.join(os.path.dirname(catalogue.HERE), ".cache", data.digest(), f"service-{slug}")
    if not os.path.exists(folder + ".done"):
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        log(f"{service.name}: building")
        begun = time.perf_counter()
        service.build(data, folder)
        log(f"{service.name}: built in {time.perf_counter() - begun:.0f} s")
        open(folder + ".done", "w").close()
    return folder


def at_recall(points, wanted, measure="qps"):
    """Speed on the frontier at a recall; None where no effort reaches it."""
    frontier = []
    for point in sorted(points, key=lambda p: -p[measure]):
        if not frontier or point["recall"] > frontier[-1]["recall"]:
            frontier.append(point)
    if not frontier or frontier[-1]["recall"] < wanted:
        return None
    return float(
        np.exp(np.interp(wanted, [p["recall"] for p in frontier], [math.log(p[measure]) for p in frontier]))
    )


def report(results):
    """One table for each way to measure: speed at each recall, and over the best of the others."""
    for measure, title in (("qps", "a second"), ("cpu_qps", "a second of processor time")):
        print(f"| one Python client, queries {title} | " + " | ".join(f"at {w:g} | over the best peer" for w in RECALLS) + " |")
        print("|---|" + "--:|--:|" * len(RECALLS))
        peers = [r for r in results if not r["name"].startswith("Kagami")]
        best = {w: max((at_recall(r["points"], w, measure) or 0 for r in peers), default=0) for w in RECALLS}
        for result in results:
            cells = []
            for wanted in RECALLS:
                speed = result[f"{measure}_at_{wanted:g}"] = at_recall(result["points"], wanted, measure)
                ratio = f"{speed / best[wanted]:.2f}" if speed and best[wanted] else "–"
                cells.append(f"{speed:,.0f} | {ratio}" if speed else "never | –")
            print(f"| {result['name']} {result['version']} | " + " | ".join(cells) + " |")
        print()


def write(path, data, results):
    description = {"name": os.path.basename(data.folder), "rows": len(data.base), "dimension": data.dimension, "k": data.k}
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "unknown")
    run = {"machine": f"{model}, {os.cpu_count()} processors", "data": description, "services": results}
    with open(path, "w") as file:
        json.dump(run, file, indent=1)
        file.write("\n")


def log(text):
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
