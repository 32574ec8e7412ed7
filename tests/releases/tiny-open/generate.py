# SPDX-License-Identifier: Apache-2.0
"""Write text with tiny-open: a document that goes on from a prompt."""

import argparse
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, HERE)

from model import CONTEXT, Pcg32, load, probabilities  # noqa: E402
from prepare import normalise  # noqa: E402


def main():
    """Generate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("prompt", nargs="?", default="", help="text to go on from (default: none)")
    parser.add_argument("--length", type=int, default=300, metavar="N", help="characters at most (default: 300)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the random choice (default: 1)")
    arguments = parser.parse_args()

    with open(os.path.join(HERE, "tokenizer.json"), encoding="utf-8") as file:
        vocabulary = json.load(file)["vocabulary"]
    numbers = {token: i for i, token in enumerate(vocabulary)}
    weights = load(os.path.join(HERE, "model.safetensors"))
    generator = Pcg32(arguments.seed)

    prompt = normalise(arguments.prompt)
    unknown = sorted(set(prompt) - set(numbers))
    if unknown:
        parser.error("the vocabulary lacks: " + " ".join(unknown))
    tokens = [0] * CONTEXT + [numbers[c] for c in prompt]
    text = prompt
    while len(text) < arguments.length:
        draw = generator.next() / 4294967296.0
        for token, probability in enumerate(probabilities(weights, tokens[: -CONTEXT - 1 : -1])):
            draw -= probability
            if draw < 0.0:
                break
        if token == 0:  # the boundary: the document ends
            break
        tokens.append(token)
        text += vocabulary[token]
    sys.stdout.buffer.write((text + "\n").encode("utf-8"))


if __name__ == "__main__":
    main()
