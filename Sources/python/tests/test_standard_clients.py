"""Programs that know nothing of Kagami talk to it: a JSON-RPC library, jq, GNU parallel."""

import asyncio
import json
import subprocess
from base64 import b64encode

import numpy as np
import pytest

import kagami
from conftest import PATIENCE


def packed(vector):
    return {"b64": b64encode(vector.astype("<f4").tobytes()).decode(), "dtype": "f32le"}


@pytest.fixture
def expected(binary, catalogue, queries):
    with kagami.Client(catalogue, binary=binary) as client:
        return client.search(queries, k=3)


def request_lines(queries):
    for number, query in enumerate(queries):
        params = {"vector": packed(query), "k": 3}
        yield json.dumps({"jsonrpc": "2.0", "id": number, "method": "search", "params": params}) + "\n"


def test_a_json_rpc_library(binary, catalogue, queries, expected):
    """`Connection` of the Agent Client Protocol's SDK: line-framed JSON-RPC 2.0, as it comes from PyPI."""
    acp = pytest.importorskip("acp", reason="agent-client-protocol is not installed")
    from acp.connection import Connection

    async def nobody(method, params, is_notification):
        raise AssertionError(f"the engine called {method}")

    async def converse():
        process = await asyncio.create_subprocess_exec(
            binary, "serve", catalogue, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        async with Connection(nobody, process.stdin, process.stdout) as connection:
            hello = await connection.send_request("engine.hello", {"client": "a library"})
            assert hello["name"] == "kagami"
            answers = await asyncio.gather(
                *(connection.send_request("search", {"vector": packed(query), "k": 3}) for query in queries)
            )
            with pytest.raises(acp.RequestError) as caught:
                await connection.send_request("search", {"vector": [1.0]})
            assert caught.value.code == -32602
            assert caught.value.data["kind"] == "invalid_params"
            # The library writes "params":null where there are none.
            assert (await connection.send_request("items.count"))["count"] == 1785
            assert await connection.send_request("engine.shutdown") == {}
            assert await asyncio.wait_for(process.wait(), 10) == 0
        return answers

    answers = asyncio.run(asyncio.wait_for(converse(), 40))
    assert [[hit["key"] for hit in answer["results"][0]["hits"]] for answer in answers] == expected.keys.tolist()


def test_jq_reads_and_writes(binary, catalogue, queries, expected, which, tmp_path):
    """Requests made by jq, answers read by jq, pipes between."""
    which("jq")
    vectors = tmp_path / "vectors.jsonl"
    vectors.write_text("".join(json.dumps(query.astype(np.float32).tolist()) + "\n" for query in queries))
    script = """
    jq -c '{jsonrpc: "2.0", id: input_line_number, method: "search", params: {vector: ., k: 3}}' "$1" |
      "$2" serve "$3" |
      jq -s -r 'sort_by(.id)[] | [.result.results[0].hits[].key] | @tsv'
    """
    command = ["bash", "-c", "set -eo pipefail\n" + script, "jq-test", vectors, binary, catalogue]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert [line.split("\t") for line in done.stdout.splitlines()] == expected.keys.tolist()


def test_gnu_parallel(binary, catalogue, queries, expected, which, tmp_path):
    """`parallel --pipe -k`: several engines, each with a share of the lines; the shares in order."""
    which("parallel")
    requests = tmp_path / "requests.jsonl"
    requests.write_text("".join(request_lines(queries)))
    script = """parallel --will-cite --pipe -k -j 2 --retries 2 --block 100k "'$2' serve '$3'" < "$1" """
    command = ["bash", "-c", script, "parallel-test", requests, binary, catalogue]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert sorted(answer["id"] for answer in answers) == list(range(len(queries)))
    # Shares are in order; within one, answers may stand in any.
    answers.sort(key=lambda answer: answer["id"])
    found = [[hit["key"] for hit in answer["result"]["results"][0]["hits"]] for answer in answers]
    assert found == expected.keys.tolist()
    share = len(next(iter(request_lines(queries)))) and 100_000 // len(next(iter(request_lines(queries))))
    ids = [json.loads(line)["id"] for line in done.stdout.splitlines()]
    assert max(abs(number - place) for place, number in enumerate(ids)) <= 2 * share
