"""Parses every line of an NDJSON file and throws the document away: with simdjson the ceiling of whatever flattens."""

import sys


def with_simdjson():
    import simdjson

    return simdjson.Parser().parse


def with_orjson():
    import orjson

    return orjson.loads


def main():
    how, documents = sys.argv[1:]
    parse = {"simdjson": with_simdjson, "orjson": with_orjson}[how]()
    with open(documents, "rb") as lines:
        for line in lines:
            parse(line)


if __name__ == "__main__":
    main()
