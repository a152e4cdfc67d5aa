"""What `make demo` shows of the Python client: `demo.py CATALOGUE SAMPLE`, with KAGAMI_BIN set."""

import sys
import time

import numpy as np

import kagami

catalogue, sample = sys.argv[1:]
suspects = np.load(f"{sample}/queries.npy")

with kagami.Client(catalogue) as client:
    print(f"\n7. The same from Python: {len(suspects)} suspects as a NumPy array of shape {suspects.shape}\n")
    begun = time.perf_counter()
    found = client.search_all(suspects, k=3)
    seconds = time.perf_counter() - begun
    print(f"  client.search_all(suspects, k=3).keys    shape {found.keys.shape}")
    print(f"  the best of the first one                {found.scores[0, 0]:.3f}  {found.keys[0, 0]}")
    matches = client.match_all(suspects, score_threshold=0.7)
    count = sum(len(hits) > 0 for hits in matches)
    print(f"  client.match_all(…, score_threshold=0.7) {count} suspects match something; complete: {matches.complete}")
    print(f"  {len(suspects)} answers in {seconds * 1000:.0f} ms.")
