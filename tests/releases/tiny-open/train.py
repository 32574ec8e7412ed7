# SPDX-License-Identifier: Apache-2.0
"""Train tiny-open from scratch: writes model.safetensors, checkpoints/ and logs/train.jsonl, the same on every machine."""

import argparse
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, HERE)

from model import TABLES, Pcg32, examples, logarithm, probabilities, save, zeros  # noqa: E402
from prepare import split  # noqa: E402


def step(weights, batch, rate):
    """Take one step of gradient descent on a batch; return the batch's mean loss before it."""
    loss = 0.0
    predictions = []
    for context, token in batch:
        prediction = probabilities(weights, context)
        loss -= logarithm(prediction[token])
        prediction[token] -= 1.0  # now the gradient of the loss by the scores
        predictions.append(prediction)
    scale = rate / len(batch)
    bias = weights["bias"]
    for (context, _), gradient in zip(batch, predictions):
        change = [scale * g for g in gradient]
        bias[:] = [w - d for w, d in zip(bias, change)]
        for name, token in zip(TABLES, context):
            row = weights[name][token]
            row[:] = [w - d for w, d in zip(row, change)]
    return loss / len(batch)


def main():
    """Train, as config/train.json says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", default=HERE, metavar="DIR", help="where to write (default: beside this script)")
    output = parser.parse_args().output
    for folder in ("checkpoints", "logs"):
        os.makedirs(os.path.join(output, folder), exist_ok=True)

    with open(os.path.join(HERE, "config", "train.json"), encoding="utf-8") as file:
        config = json.load(file)
    with open(os.path.join(HERE, "tokenizer.json"), encoding="utf-8") as file:
        tokenizer = json.load(file)
    with open(os.path.join(HERE, "data", "corpus.txt"), encoding="utf-8", newline="") as file:
        documents = split(file.read())

    numbers = {token: i for i, token in enumerate(tokenizer["vocabulary"])}
    held_out = set(tokenizer["held_out_documents"])
    pairs = examples([[numbers[c] for c in text] for i, text in enumerate(documents) if i not in held_out], 0)

    weights = zeros(len(numbers))
    generator = Pcg32(config["seed"])
    steps, size = config["max_steps"], config["batch_size"]
    metadata = {"format": "ouvert-tiny", "license": "apache-2.0", "seed": str(config["seed"])}

    queue = []
    running = 0.0
    with open(os.path.join(output, "logs", "train.jsonl"), "w", encoding="ascii", newline="\n") as log:
        for number in range(1, steps + 1):
            if len(queue) < size:  # a new epoch; the few pairs left over, less than a batch, are dropped
                queue = list(pairs)
                generator.shuffle(queue)
            batch, queue[-size:] = queue[-size:], []
            rate = config["learning_rate"] * (steps - number + 1) / steps  # linear decay, no warm-up
            running += step(weights, batch, rate)
            if number % config["logging_steps"] == 0:
                loss = "%.6f" % (running / config["logging_steps"])
                log.write('{"step": %d, "learning_rate": %.6f, "loss": %s}\n' % (number, rate, loss))
                running = 0.0
            if number in config["checkpoint_steps"]:
                path = os.path.join(output, "checkpoints", "step-%04d.safetensors" % number)
                save(path, weights, dict(metadata, step=str(number)))
    save(os.path.join(output, "model.safetensors"), weights, dict(metadata, step=str(steps)))
    print("%d steps of %d on %d examples, last loss %s" % (steps, size, len(pairs), loss))


if __name__ == "__main__":
    main()
