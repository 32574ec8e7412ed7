# SPDX-License-Identifier: Apache-2.0
"""Measure the loss of a weights file on the held-out documents, and on the others: writes eval/results.json."""

import argparse
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, HERE)

from model import LN2, examples, load, mean_loss, zeros  # noqa: E402
from prepare import split  # noqa: E402


def rounded(loss):
    """Return a loss with six digits after the point, as text that JSON reads as a number."""
    return float("%.6f" % loss)


def main():
    """Evaluate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default=os.path.join(HERE, "model.safetensors"), metavar="FILE", help="the weights")
    parser.add_argument("--output", default=HERE, metavar="DIR", help="where to write (default: beside this script)")
    arguments = parser.parse_args()
    os.makedirs(os.path.join(arguments.output, "eval"), exist_ok=True)

    with open(os.path.join(HERE, "tokenizer.json"), encoding="utf-8") as file:
        tokenizer = json.load(file)
    with open(os.path.join(HERE, "data", "corpus.txt"), encoding="utf-8", newline="") as file:
        documents = split(file.read())
    numbers = {token: i for i, token in enumerate(tokenizer["vocabulary"])}
    weights = load(arguments.model)

    results = {"metric": "mean cross-entropy in nats a token"}
    held_out = set(tokenizer["held_out_documents"])
    for name, wanted in (("train", False), ("held_out", True)):
        chosen = [text for i, text in enumerate(documents) if (i in held_out) == wanted]
        pairs = examples([[numbers[c] for c in text] for text in chosen], 0)
        loss = mean_loss(weights, pairs)
        results[name] = {
            "tokens": len(pairs),
            "loss": rounded(loss),
            "bits_per_token": rounded(loss / LN2),
            "loss_untrained": rounded(mean_loss(zeros(len(numbers)), pairs)),
        }
    with open(os.path.join(arguments.output, "eval", "results.json"), "w", encoding="ascii", newline="\n") as file:
        json.dump(results, file, indent=1, sort_keys=True)
        file.write("\n")
    for name in ("train", "held_out"):
        print("%s: loss %.6f, untrained %.6f" % (name, results[name]["loss"], results[name]["loss_untrained"]))


if __name__ == "__main__":
    main()
