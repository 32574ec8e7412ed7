# SPDX-License-Identifier: Apache-2.0
"""Turn data/corpus.txt into tokenizer.json: how text is normalised, the vocabulary, and which documents are held out."""

import argparse
import hashlib
import json
import os
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
BOUNDARY = "<doc>"  # token 0: stands before and after every document
SEPARATOR = "\n\n\n"  # two blank lines part the documents of the corpus
PERIOD, FIRST = 7, 3  # of each seven documents, the fourth is held out


def normalise(text):
    """Return text in NFC, with LF line ends, in lower case."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).lower()


def split(text):
    """Return the documents of a corpus, in order."""
    return normalise(text).strip("\n").split(SEPARATOR)


def main():
    """Write tokenizer.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", default=HERE, metavar="DIR", help="where to write (default: beside this script)")
    output = parser.parse_args().output
    os.makedirs(output, exist_ok=True)

    with open(os.path.join(HERE, "data", "corpus.txt"), "rb") as file:
        raw = file.read()
    documents = split(raw.decode("utf-8"))
    held_out = [i for i in range(len(documents)) if i % PERIOD == FIRST]
    tokenizer = {
        "type": "character",
        "normalisation": ["LF line ends", "NFC", "lower case"],
        "document_separator": SEPARATOR,
        "vocabulary": [BOUNDARY] + sorted(set("".join(documents))),
        "corpus_sha256": hashlib.sha256(raw).hexdigest(),
        "documents": len(documents),
        "held_out_documents": held_out,
    }
    with open(os.path.join(output, "tokenizer.json"), "w", encoding="utf-8", newline="\n") as file:
        json.dump(tokenizer, file, ensure_ascii=False, indent=1)
        file.write("\n")
    tokens = [len(document) + 1 for document in documents]
    print("%d documents, %d tokens, %d of them held out, vocabulary of %d" % (
        len(documents), sum(tokens), sum(tokens[i] for i in held_out), len(tokenizer["vocabulary"])))


if __name__ == "__main__":
    main()
