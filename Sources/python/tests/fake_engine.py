"""An engine that behaves as its script says, a JSON list of steps in FAKE_SCRIPT; else as a catalogue of no items.

A step is `{"on": METHOD, ...}`; it applies to the first request of that method that comes, and is then used up unless
`"always"` is there. What it does: see `Fake.act`. Everything else is answered with the request's own parameters.
"""

import json
import os
import signal
import sys
import time

HELLO = {
    "name": "kagami",
    "version": "0.1.0",
    "protocol": "1",
    "methods": ["engine.hello", "search"],
    "metric": "cosine",
    "dimension": 4,
    "count": 0,
    "seq": 1,
    "limits": {"line_bytes": 16 << 20, "window_requests": 64, "window_bytes": 64 << 20},
}


class Fake:
    """Reads requests, answers them, or does something worse."""

    def __init__(self, script):
        self.steps = script
        self.held = []

    def run(self):
        for line in sys.stdin.buffer:
            if not line.endswith(b"\n"):
                return
            request = json.loads(line)
            step = next((s for s in self.steps if s["on"] == request["method"] and self.fits(s)), None)
            if step is None:
                self.default(request)
            else:
                if not step.get("always"):
                    self.steps.remove(step)
                self.act(step, request)

    def fits(self, step):
        """A step with `once` names a file: the first engine that makes it takes the step, later ones do not."""
        if "once" not in step:
            return True
        try:
            os.close(os.open(step["once"], os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return False
        return True

    def default(self, request):
        method, params = request["method"], request.get("params", {})
        if method == "engine.hello":
            self.answer(request, {**HELLO, "pid": os.getpid()})
        elif method in ("search", "match"):
            rows = params["vectors"]["shape"][0] if "vectors" in params else 1
            hits = [{"key": f"{method}/{request['id']}/{i}", "score": 1 - i / 8} for i in range(2)]
            entries = [{"hits": hits} for _ in range(rows)]
            self.answer(request, {"results": entries, "seq": 1, "exact": True, "plan": "exact"})
        elif method == "engine.cancel":
            stopped = [h for h in self.held if params.get("all") or h["id"] in params["ids"]]
            for held in stopped:
                self.held.remove(held)
                self.refuse(held, -32800, "cancelled", "the caller did not want it any more")
            self.answer(request, {"cancelled": len(stopped)})
        else:
            self.answer(request, params)

    def act(self, step, request):
        for name, value in step.items():
            if name == "hello":
                self.answer(request, {**HELLO, **value})
            elif name == "hold":  # answered when `value` requests are held, the last one first
                self.held.append(request)
                if len(self.held) == value:
                    for held in reversed(self.held):
                        self.default(held)
                    self.held = []
            elif name == "stderr":
                sys.stderr.write(value)
                sys.stderr.flush()
            elif name == "flood":  # more than any pipe holds, on standard error
                for _ in range(value >> 10):
                    sys.stderr.write("x" * 1023 + "\n")
                sys.stderr.flush()
            elif name == "raw":  # bytes as they are
                os.write(1, value.encode())
            elif name == "dribble":
                answer = {"jsonrpc": "2.0", "id": request["id"], "result": value}
                for byte in json.dumps(answer, separators=(",", ":")).encode() + b"\n":
                    os.write(1, bytes([byte]))
                    time.sleep(0.001)
            elif name == "notify":
                self.line({"jsonrpc": "2.0", "method": value, "params": {"done": 0.5}})
            elif name == "progress":
                params = {"token": request["params"]["progress_token"], "stage": "graph", "done": value, "total": 9}
                self.line({"jsonrpc": "2.0", "method": "progress", "params": params})
            elif name == "reply":
                self.answer(request, value)
            elif name == "pad":  # the usual answer, as long as this
                self.answer(request, {"pad": "x" * value})
            elif name == "search_pad":
                hit = {"key": "x" * value, "score": 1.0}
                self.answer(request, {"results": [{"hits": [hit]}], "seq": 1, "exact": True, "plan": "exact"})
            elif name == "refuse":
                self.refuse(request, value.get("code", 0), value["kind"], value.get("message", "no"), value)
            elif name == "default":
                self.default(request)
            elif name == "sleep":
                time.sleep(value)
            elif name == "ignore_term":
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
            elif name == "close_stdout":
                os.close(1)
            elif name == "exit":
                os._exit(value)
            elif name == "kill":
                os.kill(os.getpid(), value)

    def answer(self, request, result):
        self.line({"jsonrpc": "2.0", "id": request["id"], "result": result})

    def refuse(self, request, code, kind, message, data=None):
        error = {"code": code, "message": message, "data": {"retryable": False, **(data or {}), "kind": kind}}
        self.line({"jsonrpc": "2.0", "id": request["id"], "error": error})

    def line(self, value):
        data = memoryview(json.dumps(value, separators=(",", ":")).encode() + b"\n")
        while data:
            data = data[os.write(1, data) :]


if __name__ == "__main__":
    Fake(json.loads(os.environ.get("FAKE_SCRIPT", "[]"))).run()
