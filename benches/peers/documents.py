"""The documents in the archive of a published run, one a line: what is not a JSON object is left out."""

import sys

import orjson
import pyarrow.parquet


def main():
    archive, output = sys.argv[1:]
    written = 0
    with open(output, "wb") as lines:
        for batch in pyarrow.parquet.ParquetFile(archive).iter_batches(10_000, columns=["body"]):
            for document in map(line_of, batch.column(0).to_pylist()):
                if document:
                    lines.write(document + b"\n")
                    written += 1
    print(written)


def line_of(body):
    try:
        document = orjson.loads(body or b"")
    except orjson.JSONDecodeError:
        return None
    if not isinstance(document, dict):
        return None
    return body if b"\n" not in body else orjson.dumps(document)


if __name__ == "__main__":
    main()
